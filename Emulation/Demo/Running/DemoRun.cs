using NetServ.Demo.Counting;
using NetServ.Demo.Measuring;
using NetServ.Demo.Processes;
using NetServ.Demo.Recording;
using NetServ.Demo.Story;
using NetServ.Demo.Switches;
using NetServ.Demo.Traffic;

namespace NetServ.Demo.Running;

/// <summary>One run: control, before, SETUP, installed, REMOVE, removed, report.</summary>
internal sealed class DemoRun : IAsyncDisposable
{
    private readonly DemoOptions _options;
    private readonly IStory _story;
    private readonly PhaseMarks _marks;
    private readonly WorkFolder _folder = new();
    private readonly Watchdog _watchdog;
    private readonly Programs _programs;
    private readonly ITraffic _traffic;
    private readonly RunRecord? _recording;
    private readonly Testbed _testbed;
    private readonly NetServSystem _system;
    private readonly StoryTeller _teller;
    private readonly List<TransitionMark> _transitions = [];

    /// <summary>Prepares everything that needs no process but a watchdog.</summary>
    /// <param name="options">What the person wrote.</param>
    /// <param name="traffic">What the hosts send.</param>
    /// <param name="marks">The run's parts, as the traffic knows them.</param>
    /// <param name="story">Who tells it.</param>
    public DemoRun(DemoOptions options, ITraffic traffic, PhaseMarks marks, IStory story)
    {
        _options = options;
        _story = story;
        _watchdog = new Watchdog(_folder.Root);
        _programs = new Programs(_folder, _watchdog);
        _traffic = traffic;
        _marks = marks;
        _recording = options.Record is null ? null : new RunRecord(options.Record.FullName);
        _testbed = new Testbed(_traffic, options.Nodes, _folder, _recording);
        _system = new NetServSystem(_programs, _folder, options);
        _teller = new StoryTeller(story, _testbed, _traffic);
    }

    /// <summary>Runs to the end.</summary>
    /// <exception cref="DemoException">A program failed, or the control run lost packets.</exception>
    public async Task<RunReport> RunAsync(CancellationToken stop)
    {
        using CancellationTokenSource over = CancellationTokenSource.CreateLinkedTokenSource(stop);
        Part(StoryPart.Start);
        using ControlPeer peer = new();
        _testbed.Relay.Upstream = peer.Address;
        Task controller = _system.StartControllerAsync(_testbed.Nodes, _traffic.Filter, over.Token);
        await _testbed.StartAsync(_options.Switch, _programs, _watchdog, stop);
        _story.Show(_testbed);
        if (_traffic.Capture is { } capture)
            _story.Note(Summary.Describe(capture));
        ControlReport control = await ControlAsync(peer, stop);
        await controller;
        await TakeOverAsync(over.Token);
        await PhasesAsync(stop);
        await over.CancelAsync();
        PortCounters counters = await ComparePortsAsync(stop);
        RunReport report = Report(control, counters);
        if (_recording is not null)
            Manifest.Write(_recording.At("manifest.json"), _options, _traffic, _testbed, _marks, _transitions);
        return report;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _system.DisposeAsync();
        await _testbed.DisposeAsync();
        _recording?.Dispose();
        _folder.Dispose();
        _watchdog.Dispose();
    }

    /// <summary>What this switch and this machine carry at this pace without NetServ. If that is not everything, nothing can be said about NetServ.</summary>
    private async Task<ControlReport> ControlAsync(ControlPeer peer, CancellationToken stop)
    {
        Part(StoryPart.Control);
        await WaitAsync(peer.Installed, "the switch did not connect and accept a rule", stop);
        await AnnounceAsync(stop);
        await TrafficAsync(PhaseCode.Control, stop);
        ControlReport control = Counter().Control(_testbed.Observer.Sightings());
        if (control.Lost != 0)
        {
            throw new DemoException(
                $"void: without NetServ the switch lost {control.Lost} of {control.Sent} packets at {_options.Pps} packets a second; run again with a lower --pps",
                ExitCodes.Void);
        }
        _story.Note($"{control.Delivered} of {control.Sent} packets delivered: the switch carries this pace");
        await WaitAsync(peer.RemoveAsync(), "the switch did not take the rule out", stop);
        return control;
    }

    /// <summary>NetServ takes the place of the control run's peer.</summary>
    private async Task TakeOverAsync(CancellationToken stop)
    {
        Part(StoryPart.NetServ);
        _testbed.Relay.Upstream = _system.OpenFlow;
        _teller.Start();
        _ = _system.WatchAsync(_teller.Happened, stop);
        _testbed.Relay.Disconnect();
        await _system.StartNodesAsync(_testbed.Nodes, stop);
        await AnnounceAsync(stop);
    }

    private async Task PhasesAsync(CancellationToken stop)
    {
        Part(StoryPart.Before);
        await TrafficAsync(PhaseCode.Before, stop);
        Settled(PhaseCode.Before);
        await _story.BreatheAsync(stop);

        Part(StoryPart.Setup);
        await TransitAsync("setup", PhaseCode.Setup, throughNodes: true, () => _system.SetupAsync(_traffic.Filter, stop), stop);
        await _story.BreatheAsync(stop);

        Part(StoryPart.Installed);
        await TrafficAsync(PhaseCode.Installed, stop);
        Settled(PhaseCode.Installed);
        await _story.BreatheAsync(stop);

        Part(StoryPart.Remove);
        await TransitAsync("remove", PhaseCode.Remove, throughNodes: false, () => _system.RemoveAsync(stop), stop);
        await _story.BreatheAsync(stop);

        Part(StoryPart.Removed);
        await TrafficAsync(PhaseCode.Removed, stop);
        Settled(PhaseCode.Removed);
    }

    private void Part(StoryPart part) => _story.Part(part, Script.TitleOf(part, _options, _traffic));

    private void Settled(PhaseCode phase) => _teller.Settled(phase, _testbed.Observer.Sightings(), _marks.Spans[phase]);

    /// <summary>The first packets of all flows, rest, the later ones, rest.</summary>
    private async Task TrafficAsync(PhaseCode phase, CancellationToken stop)
    {
        _testbed.Observer.Live.Restart();
        _marks.Begin(phase);
        Sender sender = new(_testbed.HostPorts, _options.Pps);
        await sender.SendAsync(_traffic.First(phase), stop);
        await Quiet.WaitAsync(_testbed.Observer.Live, stop);
        _marks.Settle();
        await sender.SendAsync(_traffic.Later(phase), stop);
        await Quiet.WaitAsync(_testbed.Observer.Live, stop);
        _marks.End();
    }

    /// <summary>Some flows run, at a steady pace, before, while and after a request is carried out.</summary>
    private async Task TransitAsync(
        string name, PhaseCode phase, bool throughNodes, Func<Task<(long Asked, long Acknowledged)>> request, CancellationToken stop)
    {
        _testbed.Observer.Live.Restart();
        _marks.Begin(phase);
        using CancellationTokenSource enough = CancellationTokenSource.CreateLinkedTokenSource(stop);
        Task running = new Sender(_testbed.HostPorts, _options.Pps).SendRoundsAsync(() => _traffic.Running(phase), enough.Token);
        try
        {
            await Quiet.LeadAsync(stop);
            (long asked, long acknowledged) = await request();
            _transitions.Add(new TransitionMark(name, phase, throughNodes, asked, acknowledged));
            _teller.Acknowledged(phase, asked, acknowledged);
            await Quiet.WaitForWayAsync(_testbed.Taps, throughNodes, stop);
        }
        finally
        {
            await enough.CancelAsync();
            await running;
        }
        await Quiet.WaitAsync(_testbed.Observer.Live, stop);
        _marks.End();
    }

    /// <summary>The hosts tell where they are. Each is heard by all others only after the switch, or the controller, has learned it.</summary>
    private async Task AnnounceAsync(CancellationToken stop)
    {
        IReadOnlyList<Packet> announcements = _traffic.Announcements;
        Dictionary<PortTap, long> heard = _testbed.Taps
            .Where(t => t.Role == PortRole.Host)
            .ToDictionary(t => t, t => t.FramesOut + announcements.Count(a => a.Port != t.Number));
        await new Sender(_testbed.HostPorts, _options.Pps).SendAsync(announcements, stop);
        await Quiet.WaitForFramesAsync(heard, stop);
        await Quiet.WaitAsync(_testbed.Observer.Live, stop);
    }

    /// <summary>With nothing moving any more: the switch's own counters against what crossed the taps.</summary>
    private async Task<PortCounters> ComparePortsAsync(CancellationToken stop)
    {
        await _system.StopAsync();
        _testbed.Relay.Upstream = null;
        _testbed.Relay.Disconnect();
        await Quiet.WaitAsync(_testbed.Observer.Live, stop);
        if (await _testbed.Switch.DumpPortsAsync(stop) is not { } dump)
            return new PortCounters("none", null, []);
        if (_recording is not null)
            await File.WriteAllTextAsync(_recording.At("dump-ports.txt"), dump.Text, stop);
        string[] differences =
        [
            .. from tap in _testbed.Taps
               let theirs = dump.Frames.GetValueOrDefault(tap.Number)
               where theirs != (tap.FramesIn, tap.FramesOut)
               select $"port {tap.Number}: the switch counted {theirs.Received} frames in and {theirs.Sent} out, on the cable were {tap.FramesIn} and {tap.FramesOut}",
        ];
        return new PortCounters("ovs-ofctl dump-ports", differences.Length == 0, differences);
    }

    private PhaseCounter Counter() =>
        new(_traffic.Flows, _testbed.Nodes.ToDictionary(n => n.Port, n => n.Name), _options.Stamps);

    private RunReport Report(ControlReport control, PortCounters counters)
    {
        IReadOnlyList<Sighting> sightings = _testbed.Observer.Sightings();
        IReadOnlyList<FlowModSighting> flowMods = _testbed.Observer.FlowMods();
        PhaseCounter counter = Counter();
        RunReport report = new()
        {
            Switch = _options.Switch,
            Nodes = _options.Nodes,
            Module = _options.Module,
            Pps = _options.Pps,
            Burst = _options.Burst,
            Filter = _traffic.Filter.ToString(),
            Control = control,
            Phases =
            [
                .. new[] { PhaseCode.Before, PhaseCode.Installed, PhaseCode.Removed }
                    .Select(code => counter.Phase(code.ToString().ToLowerInvariant(), code, _marks.Spans[code], sightings, flowMods)),
            ],
            Transitions = [.. _transitions.Select(t => counter.Transition(t.Name, t.Code, t.ThroughNodes, t.Asked, t.Acknowledged, sightings))],
            PortCounters = counters,
            Capture = _traffic.Capture,
        };
        return report with { Failed = Expectations.Failed(report) };
    }

    private static async Task WaitAsync(Task task, string otherwise, CancellationToken stop)
    {
        try
        {
            await task.WaitAsync(TimeSpan.FromSeconds(15), stop);
        }
        catch (TimeoutException)
        {
            throw new DemoException($"{otherwise} within 15 s");
        }
    }
}
