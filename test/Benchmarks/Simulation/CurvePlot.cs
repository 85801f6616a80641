using System.Globalization;
using System.Text;

namespace NetServ.Benchmarks.Simulation;

/// <summary>Cost against size as an SVG: two panels side by side over the number of switches, both axes logarithmic.</summary>
internal static class CurvePlot
{
    private const int Width = 400, Height = 300, Margin = 60, Gap = 40;

    private static readonly string[] s_colours = ["#1f77b4", "#d62728", "#2ca02c"];

    /// <summary>The whole file.</summary>
    public static string Of(IReadOnlyList<SimulationResult> results)
    {
        StringBuilder svg = new();
        svg.Append(Invariant($"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{2 * (Width + Margin) + Gap}\" height=\"{Height + 2 * Margin}\" font-family=\"sans-serif\" font-size=\"12\">\n"));
        svg.Append("<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n");
        Panel(svg, 0, "controller's processor time", results, ("us for a flow", r => r.PerFlow), ("idle: ms for a second", r => r.Idle.TotalMilliseconds));
        Panel(svg, Width + Margin + Gap, "rules of a switch", results, ("mean", r => r.MeanRules), ("99 of 100", r => r.P99Rules), ("most", r => r.Rules[^1]));
        return svg.Append("</svg>\n").ToString();
    }

    private static void Panel(StringBuilder svg, int left, string title, IReadOnlyList<SimulationResult> results, params (string Name, Func<SimulationResult, double> Value)[] lines)
    {
        double[] values = [.. lines.SelectMany(l => results.Select(r => Math.Max(l.Value(r), 0.1)))];
        Axis x = Axis.Around(results.Select(r => (double)r.Options.Switches)), y = Axis.Around(values);
        double X(double value) => left + Margin + Width * x.Place(value);
        double Y(double value) => Margin + Height * (1 - y.Place(value));
        svg.Append(Invariant($"<text x=\"{left + Margin}\" y=\"{Margin - 35}\" font-size=\"14\">{title}</text>\n"));
        foreach (double decade in x.Decades())
            svg.Append(Invariant($"<line x1=\"{X(decade):f1}\" y1=\"{Margin}\" x2=\"{X(decade):f1}\" y2=\"{Margin + Height}\" stroke=\"#ddd\"/><text x=\"{X(decade):f1}\" y=\"{Margin + Height + 18}\" text-anchor=\"middle\">{decade:n0}</text>\n"));
        foreach (double decade in y.Decades())
            svg.Append(Invariant($"<line x1=\"{left + Margin}\" y1=\"{Y(decade):f1}\" x2=\"{left + Margin + Width}\" y2=\"{Y(decade):f1}\" stroke=\"#ddd\"/><text x=\"{left + Margin - 6}\" y=\"{Y(decade) + 4:f1}\" text-anchor=\"end\">{decade:#,0.###}</text>\n"));
        svg.Append(Invariant($"<text x=\"{left + Margin + Width / 2}\" y=\"{Margin + Height + 38}\" text-anchor=\"middle\">switches</text>\n"));
        for (int i = 0; i < lines.Length; i++)
        {
            string points = string.Join(' ', results.Select(r => Invariant($"{X(r.Options.Switches):f1},{Y(Math.Max(lines[i].Value(r), 0.1)):f1}")));
            svg.Append(Invariant($"<polyline points=\"{points}\" fill=\"none\" stroke=\"{s_colours[i]}\" stroke-width=\"2\" marker-end=\"none\"/>\n"));
            svg.Append(Invariant($"<text x=\"{left + Margin + i * 140}\" y=\"{Margin - 15}\" fill=\"{s_colours[i]}\">{lines[i].Name}</text>\n"));
        }
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    // Whole decades around all values.
    private readonly record struct Axis(double Low, double High)
    {
        public static Axis Around(IEnumerable<double> values)
        {
            double[] logarithms = [.. values.Select(Math.Log10)];
            double low = Math.Floor(logarithms.Min());
            return new Axis(low, Math.Max(Math.Ceiling(logarithms.Max()), low + 1));
        }

        public double Place(double value) => (Math.Log10(value) - Low) / (High - Low);

        public IEnumerable<double> Decades()
        {
            for (double decade = Low; decade <= High; decade++)
                yield return Math.Pow(10, decade);
        }
    }
}
