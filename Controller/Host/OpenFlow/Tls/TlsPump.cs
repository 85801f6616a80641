using System.Buffers;
using System.Net.Security;
using System.Net.Sockets;

namespace NetServ.Controller.OpenFlow.Tls;

/// <summary>Carries bytes between a TLS stream and the local one. Waits without a buffer, so that an idle switch costs none.</summary>
internal sealed class TlsPump(SslStream secure, Socket local)
{
    private const int BufferSize = 32 * 1024;

    /// <summary>Runs until either side ends. What the session said last is sent before the end.</summary>
    public async Task RunAsync(CancellationToken end)
    {
        using CancellationTokenSource over = CancellationTokenSource.CreateLinkedTokenSource(end);
        Task incoming = ReceiveAsync(over.Token);
        Task outgoing = SendAsync(over.Token);
        await Task.WhenAny(incoming, outgoing);
        if (outgoing.IsCompleted)
            await over.CancelAsync();
        await Task.WhenAll(incoming, outgoing);
    }

    private async Task ReceiveAsync(CancellationToken end)
    {
        try
        {
            while (true)
            {
                await WaitAsync(end);
                byte[] buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
                try
                {
                    int count = await secure.ReadAsync(buffer, end);
                    if (count == 0)
                        return;
                    for (int sent = 0; sent < count;)
                        sent += await local.SendAsync(buffer.AsMemory(sent, count - sent), SocketFlags.None, end);
                }
                finally
                {
                    ArrayPool<byte>.Shared.Return(buffer);
                }
            }
        }
        finally
        {
            EndLocal();
        }
    }

    private ValueTask<int> WaitAsync(CancellationToken end) => secure.ReadAsync(Memory<byte>.Empty, end);

    // The loop reads the end of the stream, and ends its side, if it has not yet.
    private void EndLocal()
    {
        try
        {
            local.Shutdown(SocketShutdown.Send);
        }
        catch (SocketException)
        {
            // It has.
        }
    }

    private async Task SendAsync(CancellationToken end)
    {
        while (true)
        {
            await local.ReceiveAsync(Memory<byte>.Empty, SocketFlags.None, end);
            byte[] buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
            try
            {
                int count = await local.ReceiveAsync(buffer, SocketFlags.None, end);
                if (count == 0)
                    break;
                await secure.WriteAsync(buffer.AsMemory(0, count), end);
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(buffer);
            }
        }
        await secure.ShutdownAsync().WaitAsync(end);
    }
}
