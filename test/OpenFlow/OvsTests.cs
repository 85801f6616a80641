using NetServ.OpenFlow.Tests.Generation;
using NetServ.OpenFlow.Tests.Oracles;

namespace NetServ.OpenFlow.Tests;

/// <summary>Open vSwitch reads what we write, and sees the same values.</summary>
[Category("Oracle")]
public class OvsTests
{
    private const int Messages = 100_000;

    [Test]
    public void Open_vSwitch_reads_100_000_random_messages_and_sees_the_same_values()
    {
        Tool.Require("ovs-ofctl");
        Check(new RandomMessages(20240601), Messages);
    }

    [Test]
    public void Open_vSwitch_sees_matches_that_are_not_normalised_in_normal_form()
    {
        Tool.Require("ovs-ofctl");
        Check(new RandomMessages(5) { UnnormalizedMatches = true }, 5_000, MessageKind.FlowMod);
    }

    [Test]
    public void Open_vSwitch_refuses_the_emergency_table_that_it_does_not_have_and_nothing_else()
    {
        Tool.Require("ovs-ofctl");
        Queue<FlowModFlags> sent = new();
        string file = Write(new RandomMessages(6) { EmergencyFlag = true }, 1_000, MessageKind.FlowMod, message =>
        {
            Assert.That(FlowMod.TryRead(message, out FlowMod flow, out _), Is.True);
            sent.Enqueue(flow.Flags);
        });
        OvsReport.Read(file, lines =>
            Assert.That(lines[0].Contains("***", StringComparison.Ordinal), Is.EqualTo(sent.Dequeue().HasFlag(FlowModFlags.Emergency)), lines[0]));
        File.Delete(file);
        Assert.That(sent, Is.Empty);
    }

    [TestCase(MessageKind.Vendor)]
    [TestCase(MessageKind.VendorStatsRequest)]
    [TestCase(MessageKind.VendorStatsReply)]
    public void Open_vSwitch_counts_but_does_not_know_the_messages_of_an_unknown_vendor(MessageKind kind)
    {
        Tool.Require("ovs-ofctl");
        string file = Write(new RandomMessages(7), 100, kind, _ => { });
        int seen = OvsReport.Read(file, lines => Assert.That(lines[0], Does.Contain("***")));
        File.Delete(file);
        Assert.That(seen, Is.EqualTo(100));
    }

    [Test]
    public void Open_vSwitch_refuses_an_action_list_with_an_unknown_vendor_and_no_other()
    {
        Tool.Require("ovs-ofctl");
        Queue<bool> sent = new();
        string file = Write(new RandomMessages(9) { UnknownVendors = true }, 1_000, MessageKind.FlowMod, message =>
        {
            Assert.That(FlowMod.TryRead(message, out FlowMod flow, out _), Is.True);
            bool unknown = false;
            foreach (ActionView action in flow.Actions)
                unknown |= action.Type == ActionType.Vendor && !action.IsDecTtl && !action.IsController;
            sent.Enqueue(unknown);
        });
        Assert.That(sent, Has.Some.True);
        OvsReport.Read(file, lines => Assert.That(lines[0].Contains("***", StringComparison.Ordinal), Is.EqualTo(sent.Dequeue()), lines[0]));
        File.Delete(file);
        Assert.That(sent, Is.Empty);
    }

    private static void Check(RandomMessages messages, int count, MessageKind? only = null)
    {
        Queue<byte[]> sent = new(count);
        string file = Write(messages, count, only, message => sent.Enqueue(message.ToArray()));
        try
        {
            int seen = 0;
            int wrong = 0;
            int reported = OvsReport.Read(file, lines =>
            {
                byte[] message = sent.Dequeue();
                seen++;
                List<string> expected = OvsText.Render(message);
                if (lines.SequenceEqual(expected) || ReadsMoreThanWe(message) || wrong++ >= 20)
                    return;
                int at = lines.Zip(expected).TakeWhile(pair => pair.First == pair.Second).Count();
                TestContext.Out.WriteLine($"message {seen}: {Convert.ToHexStringLower(message)}\nexpected {expected.ElementAtOrDefault(at)}\n     was {lines.ElementAtOrDefault(at)}");
            });
            Assert.Multiple(() =>
            {
                Assert.That(reported, Is.EqualTo(count), "messages it saw");
                Assert.That(wrong, Is.Zero, "messages it read otherwise");
            });
        }
        finally
        {
            File.Delete(file);
        }
    }

    // OpenFlow 1.0 has no network fields for IPv6; Open vSwitch reads protocol, ToS and ports there all the same.
    private static bool ReadsMoreThanWe(byte[] message)
    {
        const ushort Ipv6 = 0x86dd;
        return FlowMod.TryRead(message, out FlowMod flow, out _) && flow.Match.DlType == Ipv6 && flow.Match != flow.Match.Normalize();
    }

    private static string Write(RandomMessages messages, int count, MessageKind? only, Action<ReadOnlySpan<byte>> each)
    {
        string file = Path.GetTempFileName();
        Reencoder reencoder = new();
        byte[] buffer = new byte[RandomMessages.MaxLength];
        byte[] again = new byte[RandomMessages.MaxLength];
        using FileStream stream = File.Create(file);
        for (int i = 0; i < count; i++)
        {
            int length = only is { } kind ? messages.Write(kind, buffer) : messages.Write(buffer, out _);
            ReadOnlySpan<byte> message = buffer.AsSpan(0, length);
            int reencoded = reencoder.Reencode(message, again, out DecodeError error);
            if (!message.SequenceEqual(again.AsSpan(0, Math.Max(0, reencoded))))
                Assert.Fail($"message {i} does not re-encode to the same bytes: {error}\n{Printer.ToText(message)}");
            stream.Write(message);
            each(message);
        }
        return file;
    }
}
