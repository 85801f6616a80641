using NetServ.Controller.Core.Sessions;
using NetServ.OpenFlow;
using NetServ.Packets;

namespace NetServ.Controller.Core.Tests.Sessions;

public class TableTests
{
    private const ushort Untagged = FlowKey.NoVlan;

    [Test]
    public void Addresses_are_found_per_VLAN_and_a_priority_tag_is_no_VLAN()
    {
        MacTable table = new(16);
        MacAddress address = new(0x0200_0000_0001);
        table.Learn(address, Untagged, 1, 0, out _);
        table.Learn(address, 7, 2, 0, out _);
        Assert.That(Find(table, address, Untagged), Is.EqualTo(1));
        Assert.That(Find(table, address, 0), Is.EqualTo(1));
        Assert.That(Find(table, address, 7), Is.EqualTo(2));
        Assert.That(Find(table, address, 8), Is.Null);
    }

    [Test]
    public void A_move_is_told_once_with_the_place_before()
    {
        MacTable table = new(16);
        MacAddress address = new(0x0200_0000_0001);
        Assert.That(table.Learn(address, Untagged, 1, 0, out _), Is.False);
        Assert.That(table.Learn(address, Untagged, 2, 1, out ushort before), Is.True);
        Assert.That(before, Is.EqualTo(1));
        Assert.That(table.Learn(address, Untagged, 2, 2, out _), Is.False);
        table.ForgetPort(2);
        Assert.That(Find(table, address, Untagged), Is.Null);
    }

    [Test]
    public void A_flood_of_addresses_allocates_nothing_and_whoever_is_seen_again_stays()
    {
        MacTable table = new(16);
        MacAddress resident = new(0x0200_0000_0001);
        table.Learn(resident, Untagged, 9, 0, out _);
        // It grows to its size first.
        for (ulong i = 0; i < 1000; i++)
            table.Learn(new MacAddress(0x0c00_0000_0000 + i), Untagged, 1, 0, out _);
        table.Learn(resident, Untagged, 9, 0, out _);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (ulong i = 0; i < 100_000; i++)
        {
            table.Learn(new MacAddress(0x0a00_0000_0000 + i), Untagged, 1, (long)i, out _);
            table.Learn(resident, Untagged, 9, (long)i, out _);
        }
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
        Assert.That(Find(table, resident, Untagged), Is.EqualTo(9));
        Assert.That(Enumerable.Range(0, 100_000).Count(i => Find(table, new MacAddress(0x0a00_0000_0000 + (ulong)i), Untagged) is not null), Is.LessThan(16 * 8));
    }

    [TestCase(0)]
    [TestCase(12)]
    public void The_number_of_sets_is_a_power_of_two(int sets) => Assert.That(() => new MacTable(sets), Throws.ArgumentException);

    [Test]
    public void Output_is_kept_in_order_over_partial_sends_and_up_to_its_limit()
    {
        OutputBuffer output = new(10_000);
        List<byte> sent = [];
        Random random = new(1);
        uint xid = 0;
        for (int round = 0; round < 2000; round++)
        {
            for (int i = random.Next(8); i > 0 && output.Length < 9000; i--)
                output.Write(new EchoRequest { Xid = ++xid, Data = new byte[random.Next(100)] });
            int count = random.Next(output.Length + 1);
            sent.AddRange(output.Pending.Span[..count]);
            output.Sent(count);
        }
        sent.AddRange(output.Pending.Span);
        Assert.That(output.Overflowed, Is.False);
        Assert.That(Messages([.. sent]).Select(m => Xid(m)), Is.EqualTo(Enumerable.Range(1, (int)xid).Select(i => (uint)i)));
    }

    [Test]
    public void Beyond_its_limit_output_takes_nothing_more_and_says_so()
    {
        OutputBuffer output = new(5000);
        for (int i = 0; i < 50; i++)
            output.Write(new EchoRequest { Xid = 1, Data = new byte[92] });
        Assert.That((output.Length, output.Overflowed), Is.EqualTo((5000, false)));
        output.Write(new EchoRequest { Xid = 2 });
        Assert.That((output.Length, output.Overflowed), Is.EqualTo((5000, true)));
        output.Sent(5000);
        output.Write(new EchoRequest { Xid = 3 });
        Assert.That(output.Length, Is.Zero, "a message is missing, so what follows is worth nothing");
    }

    [Test]
    public void A_stream_is_cut_into_the_same_messages_wherever_reads_end()
    {
        OutputBuffer stream = new(1 << 20);
        stream.Write(new Hello { Xid = 1 });
        stream.Write(new EchoRequest { Xid = 2, Data = new byte[13] });
        stream.Write(new BarrierRequest(3));
        stream.Write(new PacketIn { Xid = 4, BufferId = BufferId.None, TotalLength = 60, InPort = 1, Data = new byte[60] });
        byte[] bytes = stream.Pending.ToArray();
        string[] whole = [.. Messages(bytes).Select(Convert.ToHexString)];
        Assert.That(whole, Has.Length.EqualTo(4));
        for (int first = 0; first <= bytes.Length; first++)
        {
            for (int second = first; second <= bytes.Length; second++)
                Assert.That(Messages(bytes[..first], bytes[first..second], bytes[second..]).Select(Convert.ToHexString), Is.EqualTo(whole), $"{first}, {second}");
        }
        Assert.That(Messages([.. bytes.Select(b => new[] { b })]).Select(Convert.ToHexString), Is.EqualTo(whole), "one byte at a time");
    }

    [Test]
    public void The_longest_message_is_cut_and_one_that_is_shorter_than_its_header_ends_the_stream([Values(1, 3, 8, 1000)] int read)
    {
        byte[] longest = new byte[65535];
        new EchoRequest { Xid = 9, Data = new byte[65527] }.Write(longest);
        Assert.That(Messages([.. longest.Chunk(read)]).Single(), Has.Length.EqualTo(65535));
        MessageAssembler assembler = new();
        bool faulty = false;
        foreach (byte[] part in Convert.FromHexString("0102000700000001").Chunk(read))
        {
            ReadOnlySpan<byte> bytes = part;
            faulty |= assembler.TryNext(ref bytes, out _, out DecodeError error) && error.Code == DecodeErrorCode.BadFrameLength;
        }
        Assert.That(faulty, Is.True);
    }

    private static List<byte[]> Messages(params byte[][] reads)
    {
        MessageAssembler assembler = new();
        List<byte[]> messages = [];
        foreach (byte[] read in reads)
        {
            ReadOnlySpan<byte> bytes = read;
            while (assembler.TryNext(ref bytes, out ReadOnlySpan<byte> message, out DecodeError error))
            {
                Assert.That(error.Code, Is.EqualTo(DecodeErrorCode.None));
                messages.Add(message.ToArray());
            }
        }
        return messages;
    }

    private static uint Xid(byte[] message) => Header.TryRead(message, out Header header) ? header.Xid : 0;

    private static int? Find(MacTable table, MacAddress address, ushort vlan) => table.TryFind(address, vlan, out ushort port) ? port : null;
}
