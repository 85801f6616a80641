using System.Text;
using NetServ.Packets;
using NetServ.Ports;

namespace NetServ.System.Tests.Support;

/// <summary>A host at the end of a switch's cable.</summary>
internal sealed class Host : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);

    private readonly IPort _port;
    private readonly FrameBatch _batch = new();
    private readonly Queue<byte[]> _waiting = [];

    /// <summary>Plugs in at a switch's Unix socket.</summary>
    public Host(string socket, byte number)
        : this(PortFactory.Open(PortSpec.Parse($"unix:{socket}")), number)
    {
    }

    /// <summary>Has an end of a cable, which it closes.</summary>
    public Host(IPort port, byte number)
    {
        Mac = new MacAddress(0x0200_0a00_0000u + (ulong)number);
        Address = new Ipv4Address(0x0a00_0000u + number);
        _port = port;
    }

    /// <summary>Its end of the cable, for whoever sends and receives in bulk.</summary>
    public IPort Port => _port;

    public MacAddress Mac { get; }

    public Ipv4Address Address { get; }

    /// <summary>Sends a UDP packet.</summary>
    public void Send(Host to, ushort port, string payload, ushort fromPort = 40000)
    {
        byte[] frame = new byte[Frames.UdpOverhead + payload.Length];
        Frames.WriteUdp(frame, Mac, to.Mac, Address, to.Address, fromPort, port, Encoding.ASCII.GetBytes(payload));
        Send(frame);
    }

    /// <summary>Sends a frame.</summary>
    public void Send(byte[] frame)
    {
        long until = Environment.TickCount64 + (long)s_patience.TotalMilliseconds;
        while (!_port.Send(frame))
            Assert.That(Environment.TickCount64, Is.LessThan(until), "the cable takes a frame");
    }

    /// <summary>The payload of the next UDP packet to this host and port; "" if none comes in time.</summary>
    public string Receive(ushort port) => Receive(port, s_patience);

    /// <summary>The same with a patience of the caller's.</summary>
    public string Receive(ushort port, TimeSpan patience)
    {
        long until = Environment.TickCount64 + (long)patience.TotalMilliseconds;
        while (Environment.TickCount64 < until)
        {
            if (_waiting.TryDequeue(out byte[]? frame))
            {
                if (FlowKey.TryExtract(frame, 0, out FlowKey key) && key.DlDst == Mac && key.NwProto == IpProtocols.Udp && key.TpDst == port)
                    return Encoding.ASCII.GetString(frame.AsSpan(Frames.UdpOverhead)).TrimEnd('\0');
                continue;
            }
            _port.Receive(_batch, TimeSpan.FromMilliseconds(100));
            for (int i = 0; i < _batch.Count; i++)
                _waiting.Enqueue(_batch[i].ToArray());
        }
        return "";
    }

    /// <inheritdoc/>
    public void Dispose() => _port.Dispose();
}
