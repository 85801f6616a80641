using System.Collections.Concurrent;
using System.Net.Sockets;
using NetServ.SwitchHost.DataPath;

namespace NetServ.SwitchHost.Control;

/// <summary>
/// One thread over all OpenFlow sockets: it reads big, lets the switch handle everything, writes once, and looks after the switch's time-outs.
/// It sleeps in poll when there is nothing to do.
/// </summary>
internal sealed class ControlLoop(SharedSwitch shared, IReadOnlyList<(Socket Socket, string Name)> listeners, Action<string> say) : IDisposable
{
    private static readonly TimeSpan s_longestSleep = TimeSpan.FromSeconds(10);
    private readonly List<ControlSession> _sessions = [];
    private readonly ConcurrentQueue<(Socket Socket, ControllerDialer Dialer)> _dialed = new();
    private readonly Waker _waker = new();
    private readonly byte[] _buffer = new byte[256 * 1024];

    /// <summary>A dialer has a connection.</summary>
    public void Add(Socket socket, ControllerDialer dialer)
    {
        _dialed.Enqueue((socket, dialer));
        Wake();
    }

    /// <summary>Something has changed that the loop waits for.</summary>
    public void Wake() => _waker.Wake();

    /// <summary>Sends what the switch has for its controllers; called under the gate by whoever made it write.</summary>
    public void Flush()
    {
        bool left = false;
        foreach (ControlSession session in _sessions)
            if (session.HasPending && (!session.Flush() || session.IsOver))
                left = true;
        if (left)
            Wake();
    }

    /// <summary>Runs until stopped.</summary>
    public void Run(CancellationToken stop)
    {
        using CancellationTokenRegistration wake = stop.Register(Wake);
        List<Socket> read = [], write = [];
        while (!stop.IsCancellationRequested)
        {
            TimeSpan sleep = Prepare(read, write);
            Socket.Select(read, write, null, sleep);
            if (read.Remove(_waker.Socket))
                _waker.Clear();
            Accept(read);
            lock (shared.Gate)
            {
                AddDialed();
                foreach (ControlSession session in _sessions)
                    if (read.Contains(session.Socket))
                        session.Read(_buffer, shared.Now);
                shared.ApplyLinkChanges();
                shared.Switch.Tick(shared.Now);
                shared.FlushPorts();
                foreach (ControlSession session in _sessions)
                    session.Flush();
                Sweep();
            }
        }
    }

    public void Dispose()
    {
        lock (shared.Gate)
        {
            foreach (ControlSession session in _sessions)
                session.Dispose();
            _sessions.Clear();
        }
        foreach ((Socket socket, string _) in listeners)
            socket.Dispose();
        _waker.Dispose();
    }

    private TimeSpan Prepare(List<Socket> read, List<Socket> write)
    {
        read.Clear();
        write.Clear();
        read.Add(_waker.Socket);
        foreach ((Socket socket, string _) in listeners)
            read.Add(socket);
        lock (shared.Gate)
        {
            foreach (ControlSession session in _sessions)
            {
                read.Add(session.Socket);
                if (session.HasPending)
                    write.Add(session.Socket);
            }
            TimeSpan sleep = (shared.Switch.NextDeadline - shared.Now) ?? s_longestSleep;
            // A whole millisecond at the least, as poll counts in these.
            return sleep < s_longestSleep ? TimeSpan.FromMilliseconds(Math.Max(1, Math.Ceiling(sleep.TotalMilliseconds))) : s_longestSleep;
        }
    }

    private void Accept(List<Socket> ready)
    {
        foreach ((Socket listener, string name) in listeners)
        {
            if (!ready.Contains(listener))
                continue;
            try
            {
                Socket socket = listener.Accept();
                lock (shared.Gate)
                    _sessions.Add(new ControlSession(socket, shared.Switch.Connect(shared.Now, passive: true), name, null));
            }
            catch (SocketException)
            {
                // The peer left while it was being accepted.
            }
        }
    }

    private void AddDialed()
    {
        while (_dialed.TryDequeue(out (Socket Socket, ControllerDialer Dialer) next))
            _sessions.Add(new ControlSession(next.Socket, shared.Switch.Connect(shared.Now), next.Dialer.Address.ToString(), next.Dialer.Lost));
    }

    private void Sweep()
    {
        for (int i = _sessions.Count - 1; i >= 0; i--)
        {
            ControlSession session = _sessions[i];
            bool calls = listeners.All(l => l.Name != session.Name);
            if (calls && session.TakeUp())
                say($"connected to {session.Name}");
            if (!session.IsOver)
                continue;
            if (calls)
                say($"lost {session.Name}: {session.Reason}; {shared.Switch.FlowCount} flow entries in the table");
            _sessions.RemoveAt(i);
            session.Dispose();
        }
    }
}
