using System.Net;
using System.Net.Sockets;

namespace NetServ.SwitchHost.Control;

/// <summary>A socket that becomes readable when another thread asks for attention; any number of calls until then count as one.</summary>
internal sealed class Waker : IDisposable
{
    private readonly Socket _near = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    private readonly Socket _far = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    private int _asked;

    public Waker()
    {
        _near.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _far.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _near.Connect(_far.LocalEndPoint!);
        _far.Connect(_near.LocalEndPoint!);
        _near.Blocking = false;
        _far.Blocking = false;
    }

    /// <summary>What to poll.</summary>
    public Socket Socket => _near;

    public void Wake()
    {
        if (Interlocked.Exchange(ref _asked, 1) == 0)
            _far.Send([1], SocketFlags.None, out _);
    }

    /// <summary>The call was heard; what was asked for is looked at after this.</summary>
    public void Clear()
    {
        Span<byte> one = stackalloc byte[8];
        _near.Receive(one, SocketFlags.None, out _);
        Interlocked.Exchange(ref _asked, 0);
    }

    public void Dispose()
    {
        _near.Dispose();
        _far.Dispose();
    }
}
