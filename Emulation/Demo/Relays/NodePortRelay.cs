using System.Net.Sockets;
using NetServ.Demo.Measuring;

namespace NetServ.Demo.Relays;

/// <summary>The cable between a switch port and a node: carries frames both ways, one thread a direction, and lets the tap see them.</summary>
internal sealed class NodePortRelay : IDisposable
{
    private readonly Socket _switch;
    private readonly Socket _listener;
    private readonly PortTap _tap;
    private volatile Socket? _node;

    /// <summary>Listens for the node at <paramref name="path"/>.</summary>
    public NodePortRelay(Socket toSwitch, string path, PortTap tap)
    {
        _switch = toSwitch;
        _listener = UnixSockets.Listen(path);
        _tap = tap;
        new Thread(FromNode) { IsBackground = true, Name = $"node to port {tap.Number}" }.Start();
        new Thread(FromSwitch) { IsBackground = true, Name = $"port {tap.Number} to node" }.Start();
    }

    /// <summary>The look-out at this port.</summary>
    public PortTap Tap => _tap;

    /// <inheritdoc/>
    public void Dispose()
    {
        _listener.Dispose();
        _switch.Dispose();
        _node?.Dispose();
    }

    private void FromNode()
    {
        while (Accept() is { } node)
        {
            _node = node;
            FrameStream stream = new(node);
            while (stream.Receive())
            {
                while (stream.TryNext(out ReadOnlySpan<byte> frame))
                    _tap.Into(frame);
                _ = UnixSockets.TrySend(_switch, stream.HandedOut);
            }
            _node = null;
            node.Dispose();
        }
    }

    private Socket? Accept()
    {
        try
        {
            return _listener.Accept();
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>Reads also while no node is there: what the switch sends to an unplugged cable is seen, and lost.</summary>
    private void FromSwitch()
    {
        FrameStream stream = new(_switch);
        while (stream.Receive())
        {
            while (stream.TryNext(out ReadOnlySpan<byte> frame))
                _ = _tap.OutOf(frame);
            if (_node is { } node)
                _ = UnixSockets.TrySend(node, stream.HandedOut);
        }
    }
}
