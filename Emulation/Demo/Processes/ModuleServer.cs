using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace NetServ.Demo.Processes;

/// <summary>The web server that a SETUP's `url` names: hands out files of one folder over HTTP/1.1 on loopback.</summary>
internal sealed class ModuleServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly string _folder;
    private int _served;

    /// <summary>Starts to serve.</summary>
    public ModuleServer(string folder)
    {
        _folder = folder;
        _listener.Start();
        _ = AcceptAsync();
    }

    /// <summary>Files handed out so far.</summary>
    public int Served => Volatile.Read(ref _served);

    /// <summary>The URL of a file.</summary>
    public string UrlOf(string file) => $"http://{_listener.LocalEndpoint}/{file}";

    /// <inheritdoc/>
    public void Dispose() => _listener.Stop();

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                _ = ServeAsync(await _listener.AcceptTcpClientAsync());
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // Stopped.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        try
        {
            using (client)
            {
                NetworkStream stream = client.GetStream();
                using StreamReader reader = new(stream, Encoding.ASCII, leaveOpen: true);
                string request = await reader.ReadLineAsync() ?? "";
                while (await reader.ReadLineAsync() is { Length: > 0 })
                {
                    // Headers change nothing here.
                }
                await AnswerAsync(stream, request.Split(' '));
            }
        }
        catch (IOException)
        {
            // The client went away.
        }
    }

    private async Task AnswerAsync(NetworkStream stream, string[] request)
    {
        string path = Path.Combine(_folder, Path.GetFileName(request.Length > 1 ? request[1] : ""));
        if (request[0] is not ("GET" or "HEAD") || !File.Exists(path))
        {
            await stream.WriteAsync("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"u8.ToArray());
            return;
        }
        byte[] body = await File.ReadAllBytesAsync(path);
        string head = string.Create(
            CultureInfo.InvariantCulture,
            $"HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\nContent-Length: {body.Length}\r\nConnection: close\r\n\r\n");
        await stream.WriteAsync(Encoding.ASCII.GetBytes(head));
        if (request[0] == "GET")
            await stream.WriteAsync(body);
        Interlocked.Increment(ref _served);
    }
}
