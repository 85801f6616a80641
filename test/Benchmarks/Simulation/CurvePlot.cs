using System.Globalization;
using System.Text;

namespace NetServ.Benchmarks.Simulation;

/// <summary>Cost against size as an SVG: panels side by side over the number of switches, both axes logarithmic.</summary>
internal static class CurvePlot
{
    private const int Width = 340, Height = 280, Left = 70, Top = 70, Bottom = 60, Gap = 20;

    // None has no place on a logarithmic axis.
    private const double Least = 0.1;

    private static readonly string[] s_colours = ["#1f77b4", "#d62728", "#2ca02c"];

    /// <summary>The whole file.</summary>
    public static string Of(IReadOnlyList<SimulationResult> results)
    {
        (string Title, (string, Func<SimulationResult, double>)[] Lines)[] panels =
        [
            ("the controller's processor time", [("\u00b5s for a flow", r => r.PerFlow), ("ms for an idle second", r => r.Idle.TotalMilliseconds)]),
            ("rules of a switch", [("mean", r => r.MeanRules), ("most", r => r.Rules[^1])]),
            ("what failures cost", [("lost of a million packets", r => 1e6 * r.AllLost / r.Sent), ("moves of a million flows", r => 1e6 * r.Moves / r.Options.Flows)]),
        ];
        StringBuilder svg = new();
        svg.Append(Invariant($"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {panels.Length * (Left + Width + Gap)} {Top + Height + Bottom}\" font-family=\"sans-serif\" font-size=\"12\">\n"));
        svg.Append("<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n");
        for (int i = 0; i < panels.Length; i++)
            Panel(svg, i * (Left + Width + Gap) + Left, panels[i].Title, results, panels[i].Lines);
        return svg.Append("</svg>\n").ToString();
    }

    private static void Panel(StringBuilder svg, int left, string title, IReadOnlyList<SimulationResult> results, (string Name, Func<SimulationResult, double> Value)[] lines)
    {
        double[] values = [.. lines.SelectMany(l => results.Select(r => Math.Max(l.Value(r), Least)))];
        Axis x = Axis.Around(results.Select(r => (double)r.Options.Switches)), y = Axis.Around(values);
        double X(double value) => left + Width * x.Place(value);
        double Y(double value) => Top + Height * (1 - y.Place(Math.Max(value, Least)));
        Text(svg, left, Top - 40, "start", "black", title, 15);
        foreach (double decade in x.Decades())
        {
            Line(svg, X(decade), Top, X(decade), Top + Height);
            Text(svg, X(decade), Top + Height + 18, "middle", "black", Invariant($"{decade:n0}"));
        }
        foreach (double decade in y.Decades())
        {
            Line(svg, left, Y(decade), left + Width, Y(decade));
            Text(svg, left - 6, Y(decade) + 4, "end", "black", Invariant($"{decade:#,0.###}"));
        }
        Text(svg, left + Width / 2, Top + Height + 38, "middle", "black", "switches");
        for (int i = 0; i < lines.Length; i++)
        {
            (string colour, Func<SimulationResult, double> value) = (s_colours[i], lines[i].Value);
            svg.Append(Invariant($"<polyline points=\"{string.Join(' ', results.Select(r => Invariant($"{X(r.Options.Switches):f1},{Y(value(r)):f1}")))}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"2\"/>\n"));
            foreach (SimulationResult r in results)
                svg.Append(Invariant($"<circle cx=\"{X(r.Options.Switches):f1}\" cy=\"{Y(value(r)):f1}\" r=\"3.5\" fill=\"{colour}\"/>\n"));
            Text(svg, left + i * Width / lines.Length, Top - 15, "start", colour, lines[i].Name, 13);
        }
    }

    private static void Line(StringBuilder svg, double x1, double y1, double x2, double y2) =>
        svg.Append(Invariant($"<line x1=\"{x1:f1}\" y1=\"{y1:f1}\" x2=\"{x2:f1}\" y2=\"{y2:f1}\" stroke=\"#ddd\"/>\n"));

    private static void Text(StringBuilder svg, double x, double y, string anchor, string colour, string text, int size = 12) =>
        svg.Append(Invariant($"<text x=\"{x:f1}\" y=\"{y:f1}\" text-anchor=\"{anchor}\" fill=\"{colour}\" font-size=\"{size}\">{text}</text>\n"));

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
