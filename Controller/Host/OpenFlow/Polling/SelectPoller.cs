using System.Net.Sockets;

namespace NetServ.Controller.OpenFlow.Polling;

/// <summary><see cref="Socket.Select(System.Collections.IList, System.Collections.IList, System.Collections.IList, int)"/>: everywhere, but its cost grows with all sockets.</summary>
internal sealed class SelectPoller : IPoller
{
    private readonly Dictionary<Socket, (long Token, bool Read, bool Write)> _sockets = [];
    private readonly Dictionary<Socket, Readiness> _found = [];
    private readonly List<Socket> _read = [];
    private readonly List<Socket> _write = [];
    private readonly List<Socket> _error = [];
    private Readiness[] _ready = [];

    public void Add(Socket socket, long token) => Change(socket, token, read: true, write: false);

    public void Change(Socket socket, long token, bool read, bool write) => _sockets[socket] = (token, read, write);

    public void Remove(Socket socket, long token) => _sockets.Remove(socket);

    public ReadOnlySpan<Readiness> Wait(int milliseconds)
    {
        _read.Clear();
        _write.Clear();
        _error.Clear();
        foreach ((Socket socket, (long _, bool read, bool write)) in _sockets)
        {
            if (read)
                _read.Add(socket);
            if (write)
                _write.Add(socket);
            _error.Add(socket);
        }
        if (_error.Count == 0)
            Thread.Sleep(milliseconds);
        else
            Socket.Select(_read, _write, _error, TimeSpan.FromMilliseconds(milliseconds));
        return Collect();
    }

    public void Dispose() => _sockets.Clear();

    private ReadOnlySpan<Readiness> Collect()
    {
        _found.Clear();
        foreach (Socket socket in _read)
            _found[socket] = new Readiness(_sockets[socket].Token, true, false, false);
        foreach (Socket socket in _write)
            _found[socket] = _found.GetValueOrDefault(socket) with { Token = _sockets[socket].Token, CanWrite = true };
        foreach (Socket socket in _error)
            _found[socket] = _found.GetValueOrDefault(socket) with { Token = _sockets[socket].Token, IsBroken = true };
        if (_ready.Length < _found.Count)
            _ready = new Readiness[_sockets.Count];
        _found.Values.CopyTo(_ready, 0);
        return _ready.AsSpan(0, _found.Count);
    }
}
