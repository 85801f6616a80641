using NetServ.Bench.Options;
using NetServ.Bench.Switches;
using NetServ.Controller.Core.Sessions;
using NetServ.Controller.Core.Steering;
using NetServ.OpenFlow;

namespace NetServ.Benchmarks.Layers;

/// <summary>The controller's session with a switch that has completed the handshake and whose hosts are known.</summary>
internal sealed class RunningSession
{
    /// <summary>Milliseconds after the handshake: its ports are edges by then.</summary>
    public const long Later = 2000;

    private readonly SwitchSession _session;
    private readonly SwitchSide _side;

    /// <summary>Connects both and makes the hosts known.</summary>
    public RunningSession(BenchOptions options, SwitchSessionOptions? session = null)
    {
        _session = new SwitchSession(session ?? new SwitchSessionOptions(), Snapshot.Empty, "benchmark", 0);
        _side = new SwitchSide(0, options.Ports, options.Buffers);
        while (Exchange())
        {
        }
        if (!_session.IsRunning)
            throw new InvalidOperationException("the handshake did not end");
        byte[] announcement = new byte[128];
        for (int host = 0; host < options.Macs; host++)
            Handle(announcement.AsSpan(0, Traffic.WriteAnnouncement(announcement, 0, host, options.Ports)));
        _session.Events.Clear();
    }

    /// <summary>The session.</summary>
    public SwitchSession Session => _session;

    /// <summary>What the session asked for.</summary>
    public int MissSendLength => _side.MissSendLength;

    /// <summary>Hands bytes to the session and forgets what it answers.</summary>
    public void Handle(ReadOnlySpan<byte> bytes, long now = Later)
    {
        _session.Receive(bytes, now);
        _session.Output.Sent(_session.Output.Length);
    }

    // Rules are for the counter of answers, not for the side.
    private bool Exchange()
    {
        byte[] fromSwitch = _side.Output.Pending.ToArray();
        _side.Output.Sent(fromSwitch.Length);
        _session.Receive(fromSwitch, 0);
        byte[] fromController = _session.Output.Pending.ToArray();
        _session.Output.Sent(fromController.Length);
        new AnswerCounter(_side).Walk(fromController, 0);
        return fromSwitch.Length + fromController.Length > 0;
    }
}
