using System.Buffers.Binary;
using System.Net.Sockets;
using NetServ.Demo.Measuring;

namespace NetServ.Demo.Relays;

/// <summary>A host's end of a switch port: what the host sends and hears passes the tap.</summary>
internal sealed class HostPort : IDisposable
{
    private readonly Socket _switch;
    private readonly PortTap _tap;
    private readonly Lock _sending = new();
    private readonly byte[] _out = new byte[2 + ushort.MaxValue];
    private readonly Thread _reader;
    private FrameHandler? _heard;

    /// <summary>Takes a socket that is connected to the switch's port.</summary>
    public HostPort(Socket toSwitch, PortTap tap)
    {
        _switch = toSwitch;
        _tap = tap;
        _reader = new Thread(Read) { IsBackground = true, Name = $"port {tap.Number}" };
    }

    /// <summary>Handles a frame that the host heard; on the port's own thread.</summary>
    public delegate void FrameHandler(HostPort port, Identity identity, ReadOnlySpan<byte> frame);

    /// <summary>The look-out at this port.</summary>
    public PortTap Tap => _tap;

    /// <summary>Starts to listen.</summary>
    public void Start(FrameHandler heard)
    {
        _heard = heard;
        _reader.Start();
    }

    /// <summary>Sends a frame to the switch. Any thread.</summary>
    public void Send(ReadOnlySpan<byte> frame)
    {
        lock (_sending)
        {
            BinaryPrimitives.WriteUInt16BigEndian(_out, (ushort)frame.Length);
            frame.CopyTo(_out.AsSpan(2));
            _tap.Into(frame);
            _ = UnixSockets.TrySend(_switch, _out.AsSpan(0, frame.Length + 2));
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _switch.Dispose();

    private void Read()
    {
        FrameStream stream = new(_switch);
        while (stream.Receive())
        {
            while (stream.TryNext(out ReadOnlySpan<byte> frame))
                _heard!(this, _tap.OutOf(frame), frame);
        }
    }
}
