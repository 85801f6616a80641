using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace NetServ.SwitchHost.Options;

/// <summary>
/// An end of an OpenFlow connection as it is written: "tcp:HOST:PORT" or "unix:PATH" to call, "ptcp:PORT[:HOST]" or "punix:PATH" to be called.
/// </summary>
internal sealed record ControlAddress(bool IsPassive, string? Path, string Host, int Port)
{
    /// <summary>The port that is registered for OpenFlow.</summary>
    public const int DefaultPort = 6653;

    private const string Loopback = "127.0.0.1";

    /// <summary>Reads the address of a controller; null with the fault otherwise.</summary>
    public static ControlAddress? ParseActive(string text, out string fault)
    {
        const string Form = "write tcp:HOST:PORT or unix:PATH";
        fault = $"'{text}' is not the address of a controller; {Form}";
        string[] parts = text.Split(':');
        if (parts is ["unix", { Length: > 0 }, ..])
            return new ControlAddress(false, text["unix:".Length..], "", 0);
        if (parts is not ["tcp", { Length: > 0 } host, ..] || parts.Length > 3)
            return null;
        int port = DefaultPort;
        return parts.Length == 3 && !TryPort(parts[2], out port) ? null : new ControlAddress(false, null, host, port);
    }

    /// <summary>Reads an address to listen at; null with the fault otherwise.</summary>
    public static ControlAddress? ParsePassive(string text, out string fault)
    {
        fault = $"'{text}' is no address to listen at; write ptcp:PORT, ptcp:PORT:HOST or punix:PATH";
        string[] parts = text.Split(':');
        if (parts is ["punix", { Length: > 0 }, ..])
            return new ControlAddress(true, text["punix:".Length..], "", 0);
        if (parts is not ["ptcp", { } number, ..] || parts.Length > 3 || !TryPort(number, out int port))
            return null;
        string host = parts.Length == 3 ? parts[2] : Loopback;
        return IPAddress.TryParse(host, out _) ? new ControlAddress(true, null, host, port) : null;
    }

    /// <summary>A socket that is connected there.</summary>
    /// <exception cref="SocketException">Nobody answers.</exception>
    public Socket Connect()
    {
        Socket socket = Path is not null ? UnixSocket() : new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            if (Path is not null)
                socket.Connect(new UnixDomainSocketEndPoint(Path));
            else
                socket.Connect(Host, Port);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>A socket that listens there.</summary>
    /// <exception cref="SocketException">It cannot.</exception>
    public Socket Listen()
    {
        IPEndPoint? end = Path is null ? new IPEndPoint(IPAddress.Parse(Host), Port) : null;
        Socket socket = end is null ? UnixSocket() : new Socket(end.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            if (end is null)
                socket.Bind(new UnixDomainSocketEndPoint(Path!));
            else
                socket.Bind(end);
            socket.Listen(64);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    public override string ToString() => (IsPassive, Path) switch
    {
        (false, null) => $"tcp:{Host}:{Port}",
        (true, null) => $"ptcp:{Port}:{Host}",
        (false, _) => $"unix:{Path}",
        _ => $"punix:{Path}",
    };

    private static Socket UnixSocket() => new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);

    private static bool TryPort(string text, out int port) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out port) && port is >= 0 and <= 65535;
}
