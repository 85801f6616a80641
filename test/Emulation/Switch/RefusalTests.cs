using System.Buffers.Binary;
using NetServ.Emulation.Switch;
using NetServ.Emulation.Tests.Support;
using NetServ.OpenFlow;

namespace NetServ.Emulation.Tests.Switch;

/// <summary>Whatever a controller sends, the switch answers by an error or not at all, and goes on.</summary>
public sealed class RefusalTests
{
    private readonly SwitchBench _bench = new(buffers: new BufferProfile(4));

    [TestCase("0404000800000001", ErrorCode.BadRequestBadVersion)]
    [TestCase("01ff000800000001", ErrorCode.BadRequestBadType)]
    [TestCase("0114000800000001", ErrorCode.BadRequestBadLen, Description = "QUEUE_GET_CONFIG_REQUEST without its port")]
    [TestCase("0105000900000001ff", ErrorCode.BadRequestBadLen, Description = "FEATURES_REQUEST of nine bytes")]
    [TestCase("0110000c0000000100090000", ErrorCode.BadRequestBadStat)]
    [TestCase("0104000c0000000100004711", ErrorCode.BadRequestBadVendor)]
    [TestCase("01040010000000010000232000000063", ErrorCode.BadRequestBadSubtype)]
    [TestCase("0110001000000001ffff000000004711", ErrorCode.BadRequestBadVendor, Description = "vendor statistics")]
    [TestCase("010600200000000100000000000000010000000001000000000000870000000f", ErrorCode.BadRequestBadType, Description = "FEATURES_REPLY is not for a switch")]
    public void A_message_that_cannot_be_served_is_answered_by_its_error(string hex, ErrorCode expected)
    {
        byte[] message = Convert.FromHexString(hex);
        _bench.Controller.OnBytes(message, _bench.Now);
        byte[] answer = _bench.TakeOne(MessageKind.Error);
        ErrorMessage.TryRead(answer, out ErrorMessage error, out _);
        Assert.That(error.Error, Is.EqualTo(expected));
        Assert.That(error.Xid, Is.EqualTo(1));
        Assert.That(error.Data.ToArray(), Is.EqualTo(message));
        AssertAlive();
    }

    [Test]
    public void An_error_carries_the_first_64_bytes_of_a_long_message()
    {
        byte[] message = new byte[200];
        Header header = new(1, (MessageType)99, 200, 5);
        header.WriteTo(message);
        _bench.Controller.OnBytes(message, _bench.Now);
        ErrorMessage.TryRead(_bench.TakeOne(MessageKind.Error), out ErrorMessage error, out _);
        Assert.That(error.Data.ToArray(), Is.EqualTo(message[..64]));
    }

    [Test]
    public void A_length_below_the_header_loses_the_framing_and_ends_the_connection()
    {
        _bench.Controller.OnBytes([1, 2, 0, 7, 0, 0, 0, 1], _bench.Now);
        Assert.That(_bench.TakeError(), Is.EqualTo(ErrorCode.BadRequestBadLen));
        Assert.That(_bench.Controller.IsClosed, Is.True);
        Assert.That(_bench.Controller.CloseReason, Does.Contain("ofp_header.length"));
    }

    [Test]
    public void Errors_and_replies_of_the_controller_are_not_answered()
    {
        _bench.Send(new ErrorMessage { Error = ErrorCode.BadRequestBadType, Data = new byte[8] });
        _bench.Send(new EchoReply());
        Assert.That(_bench.Take(), Is.Empty);
    }

    [Test]
    public void Every_message_shortened_to_any_length_is_survived()
    {
        foreach (byte[] message in Samples())
        {
            for (int length = 8; length < message.Length; length++)
            {
                byte[] cut = message[..length];
                BinaryPrimitives.WriteUInt16BigEndian(cut.AsSpan(2), (ushort)length);
                _bench.Controller.OnBytes(cut, _bench.Now);
            }
            AssertAlive();
        }
    }

    [Test]
    public void Random_changes_of_messages_are_survived()
    {
        Random random = new(20240611);
        List<byte[]> samples = [.. Samples()];
        for (int i = 0; i < 60_000; i++)
        {
            byte[] message = [.. samples[random.Next(samples.Count)]];
            for (int changes = random.Next(1, 6); changes > 0; changes--)
                message[random.Next(4, message.Length)] = random.Next(3) == 0 ? (byte)0xff : (byte)random.Next(256);
            if (random.Next(4) == 0)
                message[1] = (byte)random.Next(24);
            // A changed HELLO may rightly end it all.
            if (message[1] == 0)
                continue;
            _bench.Controller.OnBytes(message, _bench.Now);
            _bench.Switch.OnFrame((ushort)random.Next(0, 6), TestFrames.Udp((ushort)random.Next(4)), _bench.Now);
            _bench.Controller.Output.Consume(_bench.Controller.Output.Length);
            _bench.Now += TimeSpan.FromMilliseconds(random.Next(50));
        }
        AssertAlive();
    }

    private void AssertAlive()
    {
        _bench.Take();
        _bench.Send(new NiciraRoleRequest { Role = NiciraRole.Other });
        _bench.Take();
        _bench.Send(new BarrierRequest(0xfeed));
        _bench.TakeOne(MessageKind.BarrierReply);
    }

    private static List<byte[]> Samples()
    {
        ActionWriter actions = new(new byte[256]);
        actions.Output(1);
        actions.SetVlanVid(5);
        actions.SetDlSrc(TestFrames.MacA);
        actions.SetNwDst(TestFrames.IpB);
        actions.SetTpDst(9);
        actions.Enqueue(2, 3);
        actions.Output(PortNo.Flood);
        actions.Output(PortNo.Controller, 40);
        Match match = Match.Any.WithDlType(0x800).WithNwProto(17).WithTpDst(1);
        return
        [
            Bytes(new Hello { Data = new byte[] { 0, 1, 0, 8, 0, 0, 0, 2 } }),
            Bytes(new EchoRequest { Data = new byte[9] }),
            Bytes(new VendorMessage { Vendor = VendorId.Nicira, Data = new byte[12] }),
            Bytes(new FeaturesRequest(1)),
            Bytes(new GetConfigRequest(1)),
            Bytes(new SetConfig { MissSendLength = 99 }),
            Bytes(new PacketOut { BufferId = BufferId.None, InPort = 1, Actions = actions.AsList(), Data = TestFrames.Udp() }),
            Bytes(new PacketOut { BufferId = 0x1_0000, InPort = PortNo.None, Actions = actions.AsList() }),
            Bytes(new FlowMod { Match = match, BufferId = BufferId.None, Flags = FlowModFlags.SendFlowRemoved, IdleTimeout = 1, Actions = actions.AsList() }),
            Bytes(new FlowMod { Match = Match.Any, BufferId = BufferId.None, Command = FlowModCommand.Modify, Actions = actions.AsList() }),
            Bytes(new FlowMod { Match = Match.Any, BufferId = BufferId.None, OutPort = PortNo.None, Command = FlowModCommand.Delete }),
            Bytes(new PortMod { PortNumber = 1, HardwareAddress = PortOptions.Of(0x1234, 1).Address, Mask = PortConfig.NoFlood }),
            Bytes(new BarrierRequest(1)),
            Bytes(new QueueGetConfigRequest { Port = 1 }),
            Bytes(new DescStatsRequest()),
            Bytes(new FlowStatsRequest { Match = Match.Any, TableId = 0xff, OutPort = PortNo.None }),
            Bytes(new AggregateStatsRequest { Match = Match.Any, TableId = 0xff, OutPort = PortNo.None }),
            Bytes(new TableStatsRequest()),
            Bytes(new PortStatsRequest { PortNumber = PortNo.None }),
            Bytes(new QueueStatsRequest { PortNumber = PortNo.All, QueueId = 0xffffffff }),
            Bytes(new VendorStatsRequest { Vendor = 1, Data = new byte[5] }),
            Bytes(new NiciraRoleRequest { Role = NiciraRole.Primary }),
        ];
    }

    private static byte[] Bytes<T>(in T message)
        where T : struct, IMessage, allows ref struct
    {
        byte[] bytes = new byte[message.Length];
        message.Write(bytes);
        return bytes;
    }
}
