using System.Net.Sockets;
using System.Text.Json;

namespace NetServ.Conformance.Tests.Support;

/// <summary>The control socket of an Open vSwitch daemon, JSON-RPC 1.0: what ovs-appctl does, without a process each time.</summary>
internal sealed class DaemonControl : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly byte[] _buffer = new byte[1 << 16];

    public DaemonControl(string path)
    {
        _socket.ReceiveTimeout = 10_000;
        _socket.Connect(new UnixDomainSocketEndPoint(path));
    }

    /// <summary>What the daemon answers.</summary>
    public string Run(string command, params string[] arguments)
    {
        _socket.Send(JsonSerializer.SerializeToUtf8Bytes(new { id = 0, method = command, @params = arguments }));
        int length = 0;
        while (true)
        {
            length += _socket.Receive(_buffer.AsSpan(length));
            if (!IsWhole(_buffer.AsSpan(0, length)))
                continue;
            using JsonDocument answer = JsonDocument.Parse(_buffer.AsMemory(0, length));
            JsonElement error = answer.RootElement.GetProperty("error");
            if (error.ValueKind != JsonValueKind.Null)
                throw new AssertionException($"{command} {string.Join(' ', arguments)}: {error}");
            return answer.RootElement.GetProperty("result").ToString();
        }
    }

    public void Dispose() => _socket.Dispose();

    private static bool IsWhole(ReadOnlySpan<byte> bytes)
    {
        Utf8JsonReader reader = new(bytes, isFinalBlock: false, default);
        return reader.Read() && reader.TrySkip();
    }
}
