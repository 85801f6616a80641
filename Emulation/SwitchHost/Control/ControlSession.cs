using System.Net.Sockets;
using NetServ.Emulation.Switch;

namespace NetServ.SwitchHost.Control;

/// <summary>A socket and the switch's end of the connection that runs over it. All calls under the switch's gate.</summary>
internal sealed class ControlSession : IDisposable
{
    private readonly SwitchConnection _connection;
    private readonly Action? _lost;
    private bool _announced;

    /// <param name="socket">A connected socket; it is ours from now on.</param>
    /// <param name="connection">The switch's end.</param>
    /// <param name="name">Who is at the other end.</param>
    /// <param name="lost">Told when it is over.</param>
    public ControlSession(Socket socket, SwitchConnection connection, string name, Action? lost)
    {
        (Socket, _connection, Name, _lost) = (socket, connection, name, lost);
        socket.Blocking = false;
        if (socket.AddressFamily != AddressFamily.Unix)
            socket.NoDelay = true;
    }

    public Socket Socket { get; }

    public string Name { get; }

    /// <summary>Whether bytes wait that the socket would not take.</summary>
    public bool HasPending => !_connection.Output.IsEmpty;

    /// <summary>Whether it is over and to be thrown away.</summary>
    public bool IsOver { get; private set; }

    public string? Reason { get; private set; }

    /// <summary>True once: when the handshake is done.</summary>
    public bool TakeUp()
    {
        if (_announced || !_connection.IsUp)
            return false;
        _announced = true;
        return true;
    }

    /// <summary>Reads once what has come and lets the switch handle it.</summary>
    public void Read(Span<byte> buffer, TimeSpan now)
    {
        if (IsOver)
            return;
        int read = Socket.Receive(buffer, SocketFlags.None, out SocketError error);
        if (error == SocketError.WouldBlock)
            return;
        if (error != SocketError.Success || read == 0)
        {
            End(error == SocketError.Success ? "the controller closed the connection" : error.ToString());
            return;
        }
        _connection.OnBytes(buffer[..read], now);
    }

    /// <summary>Writes what the socket takes; false when some is left.</summary>
    public bool Flush()
    {
        while (!IsOver && HasPending)
        {
            int sent = Socket.Send(_connection.Output.Pending.Span, SocketFlags.None, out SocketError error);
            if (error == SocketError.WouldBlock)
                return false;
            if (error != SocketError.Success)
                End(error.ToString());
            else
                _connection.Output.Consume(sent);
        }
        if (_connection.IsClosed)
            End(_connection.CloseReason ?? "closed");
        return true;
    }

    public void Dispose()
    {
        _connection.Close();
        Socket.Dispose();
        _lost?.Invoke();
    }

    private void End(string reason)
    {
        Reason ??= reason;
        IsOver = true;
    }
}
