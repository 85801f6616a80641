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

    public TimeSpan? NextDeadline => Session is null ? null : _nextTick;

    public void OnConnected(TimeSpan now, IBufferWriter<byte> output)
    {
        Id = owner.NewConnection();
        Session = new SwitchSession(owner.SessionOptions, owner.Snapshot, $"emulated-{Id}", Ms(now), owner.Hosts);
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
        Session?.Discard();
        Session = null;
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
