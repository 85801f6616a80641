using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace NetServ.System.Tests.Support;

/// <summary>A web server on loopback that hands out what it was given.</summary>
internal sealed class FileServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentDictionary<string, byte[]> _files = new();

    public FileServer()
    {
        _listener.Start();
        _ = AcceptAsync();
    }

    /// <summary>Serves bytes under a name; returns their URL.</summary>
    public string Serve(string name, byte[] bytes)
    {
        _files["/" + name] = bytes;
        return $"http://{_listener.LocalEndpoint}/{name}";
    }

    /// <inheritdoc/>
    public void Dispose() => _listener.Dispose();

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                _ = AnswerAsync(await _listener.AcceptTcpClientAsync());
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // Stopped.
        }
    }

    private async Task AnswerAsync(TcpClient client)
    {
        try
        {
            using TcpClient owned = client;
            NetworkStream stream = owned.GetStream();
            using StreamReader reader = new(stream, Encoding.ASCII);
            string[] request = (await reader.ReadLineAsync() ?? "").Split(' ');
            while (await reader.ReadLineAsync() is { Length: > 0 })
            {
                // Headers change nothing here.
            }
            bool found = _files.TryGetValue(request.ElementAtOrDefault(1) ?? "", out byte[]? body);
            await stream.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 {(found ? "200 OK" : "404 Not Found")}\r\nContent-Length: {body?.Length ?? 0}\r\nConnection: close\r\n\r\n"));
            await stream.WriteAsync(body ?? []);
        }
        catch (IOException)
        {
            // The client went away.
        }
    }
}
