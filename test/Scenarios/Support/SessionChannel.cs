using System.Buffers;
using NetServ.Controller.Core.Sessions;
using NetServ.Emulation;

namespace NetServ.Scenarios;

/// <summary>The real session at the end of an emulated connection.</summary>
internal sealed class SessionChannel(TestController owner, long id) : IControllerChannel
{
    private static readonly TimeSpan s_tick = TimeSpan.FromMilliseconds(500);
    private TimeSpan _nextTick;

    public long Id { get; private set; } = id;

    public SwitchSession? Session { get; private set; }

    public ControllerLink? Link { get; set; }

    /// <summary>Whether the switch finds the way to the controller, when there is one.</summary>
    public bool IsReachable { get; private set; } = true;

    public TimeSpan? NextDeadline => Session is null ? null : _nextTick;

    public void OnConnected(TimeSpan now, IBufferWriter<byte> output)
    {
        Id = owner.NewConnection();
        Session = new SwitchSession(owner.SessionOptions, owner.Snapshot, $"emulated-{Id}", Ms(now), owner.Hosts, owner.Pins);
        _nextTick = now + s_tick;
        Drain(output);
    }

    public void OnBytes(ReadOnlySpan<byte> bytes, TimeSpan now, IBufferWriter<byte> output)
    {
        do
        {
            bytes = bytes[Session!.Receive(bytes, Ms(now))..];
            Drain(output);
        }
        while (!bytes.IsEmpty);
    }

    public void OnTick(TimeSpan now, IBufferWriter<byte> output)
    {
        _nextTick = now + s_tick;
        Session!.Tick(Ms(now));
        Drain(output);
    }

    public void OnDisconnected(TimeSpan now)
    {
        owner.Lost(this);
        Session?.Discard(Ms(now));
        Session = null;
    }

    /// <summary>The way between switch and controller is cut or mended.</summary>
    public void SetReachable(bool reachable)
    {
        IsReachable = reachable;
        if (!reachable)
            Link!.Disconnect();
        else if (owner.IsUp)
            Link!.Connect();
    }

    /// <summary>Has something done with the session from outside of its calls, as the loop does with its items.</summary>
    public void Do(Action<SwitchSession> item)
    {
        if (Session is null || Link is null)
            return;
        item(Session);
        Drain(Link.Output);
        Link.Flush();
    }

    private void Drain(IBufferWriter<byte> output)
    {
        output.Write(Session!.Output.Pending.Span);
        Session.Output.Sent(Session.Output.Length);
        foreach (SessionEvent said in Session.Events)
            owner.Said(this, said);
        Session.Events.Clear();
    }

    private static long Ms(TimeSpan now) => (long)now.TotalMilliseconds;
}
