using NetServ.OpenFlow.Tests.Oracles;

namespace NetServ.OpenFlow.Tests;

public class VectorTests
{
    private static IEnumerable<TestCaseData> Vectors =>
        Vector.Load().Select(vector => new TestCaseData(vector).SetArgDisplayNames(vector.Title));

    [TestCaseSource(nameof(Vectors))]
    public void The_printer_says(Vector vector) => Assert.That(Printer.ToText(vector.Bytes), Is.EqualTo(vector.Text));

    [TestCaseSource(nameof(Vectors))]
    [Category("Oracle")]
    public void Open_vSwitch_judges_alike(Vector vector)
    {
        Tool.Require("ovs-ofctl");
        List<string> lines = Tool.Run("ovs-ofctl", "ofp-print", Convert.ToHexString(vector.Bytes));
        bool refused = lines.Count == 0 || lines.Exists(line => line.Contains("***", StringComparison.Ordinal));
        Assert.That(refused, Is.EqualTo(vector.OvsRefuses), string.Join('\n', lines));
        // It leaves out names that are no text.
        if (!refused && !vector.IsBroken && vector.Bytes[0] == Header.Version10 && !vector.Text.Contains("\\x", StringComparison.Ordinal))
            Assert.That(lines[0].TrimEnd(), Is.EqualTo(OvsText.Render(vector.Bytes)[0]));
    }

    /// <summary>One block of Vectors/messages.txt.</summary>
    public sealed record Vector(string Title, byte[] Bytes, string Text, string Remark)
    {
        public bool IsBroken => Text.Contains("***", StringComparison.Ordinal);

        public bool OvsRefuses => Remark switch { "@ovs-accepts" => false, "@ovs-refuses" => true, _ => IsBroken };

        public static IEnumerable<Vector> Load()
        {
            string title = "";
            string hex = "";
            string remark = "";
            foreach (string line in File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Vectors", "messages.txt")))
            {
                if (line.StartsWith("## ", StringComparison.Ordinal))
                    (title, hex, remark) = (line[3..], "", "");
                else if (line.StartsWith('@'))
                    remark = line.Trim();
                else if (line.StartsWith("> ", StringComparison.Ordinal))
                    yield return new Vector(title, Parse(title, hex), line[2..], remark);
                else if (!line.StartsWith('#'))
                    hex += line.Split(';')[0];
            }
        }

        private static byte[] Parse(string title, string hex)
        {
            if (!HexDecoder.TryParseHex(hex, out byte[] bytes, out string? fault))
                throw new FormatException($"{title}: {fault}");
            return bytes;
        }
    }
}
