using NetServ.OpenFlow.Tests.Generation;
using NetServ.OpenFlow.Tests.Oracles;

namespace NetServ.OpenFlow.Tests;

/// <summary>tshark dissects what we write, and sees the same values.</summary>
[Category("Oracle")]
public class TsharkTests
{
    private const int Messages = 100_000;

    [Test]
    public void Tshark_dissects_100_000_random_messages_and_sees_the_same_values()
    {
        Tool.Require("tshark");
        Check(new RandomMessages(20240602) { UnknownVendors = true }, Messages);
    }

    [Test]
    public void Tshark_sees_matches_that_are_not_normalised_and_the_emergency_flag_as_they_are()
    {
        Tool.Require("tshark");
        Check(new RandomMessages(8) { UnnormalizedMatches = true, EmergencyFlag = true }, 5_000);
    }

    private static void Check(RandomMessages messages, int count)
    {
        string path = Path.GetTempFileName();
        Queue<byte[]> sent = Write(messages, count, path);
        int seen = 0;
        int wrong = 0;
        string[] arguments = ["-r", path, "-o", "tcp.analyze_sequence_numbers:FALSE", "-T", "fields", "-E", "occurrence=a", .. TsharkText.Fields.SelectMany(field => new[] { "-e", field })];
        Tool.Run("tshark", arguments, line =>
        {
            byte[] message = sent.Dequeue();
            seen++;
            string? fault = Compare(TsharkText.Render(message), line.Split('\t'));
            if (fault is not null && wrong++ < 10)
                TestContext.Out.WriteLine($"message {seen}: {fault}\n{Convert.ToHexStringLower(message)}");
        });
        File.Delete(path);
        Assert.Multiple(() =>
        {
            Assert.That(seen, Is.EqualTo(count), "messages it saw");
            Assert.That(wrong, Is.Zero, "messages it read otherwise");
        });
    }

    private static Queue<byte[]> Write(RandomMessages messages, int count, string path)
    {
        Queue<byte[]> sent = new(count);
        byte[] buffer = new byte[RandomMessages.MaxLength];
        using CaptureWriter capture = new(path);
        for (int i = 0; i < count; i++)
        {
            ReadOnlySpan<byte> message = buffer.AsSpan(0, messages.Write(buffer, out _));
            capture.Write(message);
            sent.Enqueue(message.ToArray());
        }
        return sent;
    }

    private static string? Compare(Dictionary<string, string> expected, string[] actual)
    {
        for (int i = 0; i < TsharkText.Fields.Length; i++)
        {
            string field = TsharkText.Fields[i];
            string value = actual[i];
            // The frame inside a PACKET_IN or PACKET_OUT is random and may well be malformed.
            if (field == "_ws.malformed" && !value.Contains("OpenFlow", StringComparison.Ordinal))
                continue;
            // An action behind the first may show or not; only the first is certain.
            if (field is "openflow.action_typ" or "openflow.action_len" or "openflow.output_port" or "openflow.max_len")
            {
                if (!expected.TryGetValue(field, out string? first))
                    continue;
                value = value.Split(',')[0];
                if (value != first)
                    return $"{field}: expected '{first}', was '{value}'";
            }
            else if (value != expected.GetValueOrDefault(field, ""))
            {
                return $"{field}: expected '{expected.GetValueOrDefault(field, "")}', was '{value}'";
            }
        }
        return null;
    }
}
