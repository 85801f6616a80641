using NetServ.Ports;
using NetServ.SwitchHost.Control;

namespace NetServ.SwitchHost.DataPath;

/// <summary>A thread that waits for the frames of one port and drives them through the switch, up to the controller's socket.</summary>
internal sealed class PortPump(SharedSwitch shared, ControlLoop control, ushort number, IPort port)
{
    private Thread? _thread;

    public void Start()
    {
        _thread = new Thread(Run) { IsBackground = true, Name = $"switch port {number}" };
        _thread.Start();
    }

    /// <summary>Waits until the thread has seen that the port is closed.</summary>
    public void Join() => _thread?.Join();

    private void Run()
    {
        FrameBatch batch = new(256);
        while (port.State != PortState.Closed)
        {
            if (port.Receive(batch, Timeout.InfiniteTimeSpan) == 0)
                continue;
            lock (shared.Gate)
            {
                shared.Receive(number, batch);
                control.Flush();
            }
        }
    }
}
