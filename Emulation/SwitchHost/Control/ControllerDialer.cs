using System.Net.Sockets;
using NetServ.SwitchHost.Options;

namespace NetServ.SwitchHost.Control;

/// <summary>A thread that keeps one controller connected: it calls, hands the socket over, waits until that is lost, and calls again, ever more slowly.</summary>
internal sealed class ControllerDialer(ControlAddress address, Action<Socket, ControllerDialer> connected, Action<string> say, CancellationToken stop) : IDisposable
{
    private static readonly TimeSpan s_shortestPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan s_longestPause = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan s_steady = TimeSpan.FromSeconds(5);
    private readonly AutoResetEvent _lost = new(false);

    public ControlAddress Address => address;

    public void Start() => new Thread(Run) { IsBackground = true, Name = $"dial {address}" }.Start();

    /// <summary>The connection that was handed over is gone.</summary>
    public void Lost() => _lost.Set();

    public void Dispose() => _lost.Dispose();

    private void Run()
    {
        TimeSpan pause = s_shortestPause;
        bool told = false;
        while (!stop.IsCancellationRequested)
        {
            try
            {
                Socket socket = address.Connect();
                told = false;
                long since = Environment.TickCount64;
                connected(socket, this);
                WaitHandle.WaitAny([_lost, stop.WaitHandle]);
                if (Environment.TickCount64 - since > s_steady.TotalMilliseconds)
                    pause = s_shortestPause;
            }
            catch (SocketException e)
            {
                if (!told)
                    say($"controller {address}: {e.Message}; trying again");
                told = true;
            }
            stop.WaitHandle.WaitOne(pause);
            pause = pause * 2 < s_longestPause ? pause * 2 : s_longestPause;
        }
    }
}
