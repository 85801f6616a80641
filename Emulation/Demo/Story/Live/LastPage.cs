using NetServ.Demo.Counting;
using Spectre.Console;

namespace NetServ.Demo.Story.Live;

/// <summary>What stays on the terminal when the picture has gone: the steps and the summary.</summary>
internal static class LastPage
{
    /// <summary>Writes it.</summary>
    /// <param name="console">The terminal.</param>
    /// <param name="steps">As far as they came.</param>
    /// <param name="glyphs">Their signs.</param>
    /// <param name="report">Null if the run did not come to its end.</param>
    public static void Write(IAnsiConsole console, IReadOnlyList<StepView> steps, Glyphs glyphs, RunReport? report)
    {
        Grid told = new Grid().AddColumn().AddColumn();
        foreach (StepView step in steps)
            told.AddRow(new Text($" {glyphs.Of(step.State)} {step.Number}", Palette.Of(step.State)), new Text(step.Text, Palette.If(step.State != StepState.ToCome, Style.Plain)));
        console.Write(told);
        if (report is not null)
            Write(console, report);
        console.Profile.Out.Writer.Flush();
    }

    private static void Write(IAnsiConsole console, RunReport report)
    {
        Table table = new Table().Border(TableBorder.Simple).AddColumn("");
        string[][] rows = [.. Summary.Rows(report)];
        foreach (string phase in rows[0].Skip(1))
            table.AddColumn(new TableColumn(new Text(phase, Palette.Strong)).RightAligned());
        foreach (string[] row in rows.Skip(1))
            table.AddRow(row.Select(cell => new Text(cell)));
        console.Write(table);
        foreach (string failed in report.Failed)
            console.Write(new Text($"NOT AS EXPECTED: {failed}\n", Palette.Wrong));
        console.Write(new Text(Summary.Closing(report) + "\n", report.Ok ? Palette.Direct : Palette.Wrong));
    }
}
