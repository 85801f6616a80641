using System.Text.Encodings.Web;
using System.Text.Json;
using Spectre.Console;

namespace NetServ.Cli;

/// <summary>
/// Writes rows as a table for a person, or each as a paragraph where the table is wider than the terminal; as aligned text for a pipe, or as a JSON array for a
/// program.
/// </summary>
internal static class Listing
{
    /// <summary>JSON as it is written everywhere here: readable, without escapes that only HTML needs.</summary>
    internal static JsonSerializerOptions Json { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, WriteIndented = true };

    /// <summary>Writes all rows; without any, <paramref name="nothing"/> tells so, except in JSON.</summary>
    internal static void Write<T>(CliEnvironment environment, bool json, IReadOnlyCollection<T> rows, string nothing, params IReadOnlyList<Column<T>> columns)
    {
        if (json)
            environment.Out.WriteLine(JsonSerializer.Serialize(rows.Select(row => columns.ToDictionary(column => column.JsonName, column => column.Value(row))), Json));
        else if (rows.Count == 0)
            environment.Out.WriteLine(nothing);
        else if (environment.IsTerminal && WidthOf(rows, columns) > environment.Width)
            WriteParagraphs(environment, rows, columns);
        else if (environment.IsTerminal)
            WriteTable(environment, rows, columns);
        else
            WriteText(environment.Out, rows, columns);
    }

    private static void WriteTable<T>(CliEnvironment environment, IEnumerable<T> rows, IReadOnlyList<Column<T>> columns)
    {
        Table table = new() { Border = TableBorder.Rounded };
        foreach (Column<T> column in columns)
            table.AddColumn(Markup.Escape(column.Title));
        foreach (T row in rows)
            table.AddRow([.. columns.Select(column => new Text(column.Cell(row)))]);
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(environment.Out) });
        console.Profile.Width = environment.Width ?? console.Profile.Width;
        console.Write(table);
    }

    private static int WidthOf<T>(IEnumerable<T> rows, IReadOnlyList<Column<T>> columns)
    {
        const int Frame = 3;
        return 1 + columns.Sum(column => Frame + rows.SelectMany(row => column.Cell(row).Split('\n')).Append(column.Title).Max(line => line.Length));
    }

    private static void WriteParagraphs<T>(CliEnvironment environment, IEnumerable<T> rows, IReadOnlyList<Column<T>> columns)
    {
        const string Margin = "  ";
        foreach (T row in rows)
        {
            Wrapping.Write(environment, "", $"{columns[0].Title} {OneLine(columns[0].Cell(row))}");
            string line = "";
            foreach (string cell in columns.Skip(1).Select(column => $"{column.Title} {OneLine(column.Cell(row))}"))
            {
                if (line.Length > 0 && Margin.Length + line.Length + Margin.Length + cell.Length > environment.Width)
                {
                    Wrapping.Write(environment, Margin, line);
                    line = "";
                }
                line += line.Length == 0 ? cell : Margin + cell;
            }
            Wrapping.Write(environment, Margin, line);
        }
    }

    private static string OneLine(string cell) => cell.ReplaceLineEndings("; ");

    private static void WriteText<T>(TextWriter output, IReadOnlyCollection<T> rows, IReadOnlyList<Column<T>> columns)
    {
        string[][] lines = [[.. columns.Select(column => column.Title)], .. rows.Select(row => columns.Select(column => OneLine(column.Cell(row))).ToArray())];
        int[] widths = [.. columns.Select((_, i) => lines.Max(line => line[i].Length))];
        foreach (string[] line in lines)
            output.WriteLine(string.Join("  ", line.Select((cell, i) => cell.PadRight(widths[i]))).TrimEnd());
    }
}
