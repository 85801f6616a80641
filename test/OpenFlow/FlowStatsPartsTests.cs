namespace NetServ.OpenFlow.Tests;

public class FlowStatsPartsTests
{
    [Test]
    public void A_reply_too_long_for_one_message_goes_out_in_parts_with_one_xid()
    {
        const int Flows = 2_000;
        List<byte[]> parts = WriteParts(Flows, partSize: Framing.MaxLength);
        Assert.That(parts, Has.Count.EqualTo(3));
        Assert.That(ReadCookies(parts), Is.EqualTo(Enumerable.Range(0, Flows).Select(i => (ulong)i)));
    }

    [Test]
    public void Small_parts_carry_one_flow_each()
    {
        List<byte[]> parts = WriteParts(3, partSize: 12 + 96);
        Assert.That(parts, Has.Count.EqualTo(3));
        Assert.That(ReadCookies(parts), Is.EqualTo(new ulong[] { 0, 1, 2 }));
    }

    private static List<byte[]> WriteParts(int flows, int partSize)
    {
        byte[] buffer = new byte[partSize];
        List<byte[]> parts = [];
        FlowStatsReplyWriter writer = new(buffer, 7);
        ActionWriter actions = new(new byte[8]);
        actions.Output(1);
        for (int i = 0; i < flows; i++)
        {
            FlowStatsEntry flow = new() { Match = Match.Any, Cookie = (ulong)i, Actions = actions.AsList() };
            if (writer.TryAppend(flow))
                continue;
            parts.Add(buffer[..writer.Finish(more: true)]);
            writer = new FlowStatsReplyWriter(buffer, 7);
            Assert.That(writer.TryAppend(flow), Is.True);
        }
        parts.Add(buffer[..writer.Finish(more: false)]);
        return parts;
    }

    private static List<ulong> ReadCookies(List<byte[]> parts)
    {
        List<ulong> cookies = [];
        for (int i = 0; i < parts.Count; i++)
        {
            Assert.That(FlowStatsReply.TryRead(parts[i], out FlowStatsReply reply, out DecodeError error), Is.True, error.ToString());
            Assert.That(reply.Xid, Is.EqualTo(7));
            Assert.That(reply.Flags, Is.EqualTo(i < parts.Count - 1 ? StatsReplyFlags.More : StatsReplyFlags.None));
            foreach (FlowStatsEntry flow in reply.Entries)
                cookies.Add(flow.Cookie);
        }
        return cookies;
    }
}
