using System.Buffers;
using NetServ.OpenFlow;

namespace NetServ.Emulation.Tests.Support;

/// <summary>The smallest controller: it floods every PACKET_IN.</summary>
internal sealed class HubController : IControllerChannel
{
    private byte[] _rest = [];

    public TimeSpan? NextDeadline => null;

    public int Connections { get; private set; }

    public void OnConnected(TimeSpan now, IBufferWriter<byte> output)
    {
        Connections++;
        _rest = [];
        Write(output, new Hello { Xid = 1 });
        Write(output, new SetConfig { Xid = 2, MissSendLength = 0xffff });
    }

    public void OnBytes(ReadOnlySpan<byte> bytes, TimeSpan now, IBufferWriter<byte> output)
    {
        ReadOnlySpan<byte> all = [.. _rest, .. bytes];
        while (Framing.TryReadFrame(ref all, out ReadOnlySpan<byte> message, out _))
            if (PacketIn.TryRead(message, out PacketIn packet, out _))
                Flood(packet, output);
        _rest = all.ToArray();
    }

    public void OnTick(TimeSpan now, IBufferWriter<byte> output) => Assert.Fail("no tick was asked for");

    public void OnDisconnected(TimeSpan now)
    {
    }

    private static void Flood(in PacketIn packet, IBufferWriter<byte> output)
    {
        ActionWriter actions = new(stackalloc byte[8]);
        actions.Output(PortNo.Flood);
        Write(output, new PacketOut
        {
            BufferId = packet.BufferId,
            InPort = packet.InPort,
            Actions = actions.AsList(),
            Data = packet.BufferId == BufferId.None ? packet.Data : default,
        });
    }

    private static void Write<T>(IBufferWriter<byte> output, scoped in T message)
        where T : struct, IMessage, allows ref struct => output.Advance(message.Write(output.GetSpan(message.Length)));
}
