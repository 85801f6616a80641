using System.Text.Encodings.Web;
using System.Text.Json;
using Spectre.Console;

namespace NetServ.Cli;

/// <summary>Writes rows as a table for a person, as aligned text for a pipe, or as a JSON array for a program.</summary>
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
        else if (environment.IsTerminal)
            WriteTable(environment.Out, rows, columns);
        else
            WriteText(environment.Out, rows, columns);
    }

    private static void WriteTable<T>(TextWriter output, IEnumerable<T> rows, IReadOnlyList<Column<T>> columns)
    {
        Table table = new() { Border = TableBorder.Rounded };
        foreach (Column<T> column in columns)
            table.AddColumn(Markup.Escape(column.Title));
        foreach (T row in rows)
            table.AddRow([.. columns.Select(column => new Text(column.Cell(row)))]);
        AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(output) }).Write(table);
    }

    private static void WriteText<T>(TextWriter output, IReadOnlyCollection<T> rows, IReadOnlyList<Column<T>> columns)
    {
        string[][] lines = [[.. columns.Select(column => column.Title)], .. rows.Select(row => columns.Select(column => column.Cell(row).ReplaceLineEndings("; ")).ToArray())];
        int[] widths = [.. columns.Select((_, i) => lines.Max(line => line[i].Length))];
        foreach (string[] line in lines)
            output.WriteLine(string.Join("  ", line.Select((cell, i) => cell.PadRight(widths[i]))).TrimEnd());
    }
}
