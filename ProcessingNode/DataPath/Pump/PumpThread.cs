using NetServ.Ports;

namespace NetServ.Node.DataPath.Pump;

/// <summary>A thread of its own that turns a pump until it is disposed or the port closes.</summary>
public sealed class PumpThread : IDisposable
{
    private static readonly TimeSpan IdleWait = TimeSpan.FromMilliseconds(5);
    private readonly PacketPump _pump;
    private readonly IPort _port;
    private readonly Thread _thread;
    private volatile bool _stop;

    /// <summary>Starts the thread.</summary>
    public PumpThread(PacketPump pump, IPort port)
    {
        _pump = pump;
        _port = port;
        _thread = new Thread(Run) { Name = "packet pump", IsBackground = true };
        _thread.Start();
    }

    /// <summary>Raised once, on the pump's thread, if the port closed by itself.</summary>
    public event Action? PortClosed;

    /// <summary>Ends the thread after its present turn.</summary>
    public void Dispose()
    {
        _stop = true;
        if (Thread.CurrentThread != _thread)
            _thread.Join();
    }

    private void Run()
    {
        while (!_stop && _port.State != PortState.Closed)
            _pump.Turn(IdleWait);
        if (!_stop)
            PortClosed?.Invoke();
    }
}
