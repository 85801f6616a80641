using System.Collections.Immutable;
using NetServ.Controller.Core;
using NetServ.Controller.Core.Nodes;
using NetServ.Controller.Core.Steering;
using NetServ.Emulation;
using NetServ.Packets;
using NetServ.Signaling;

namespace NetServ.Scenarios;

/// <summary>
/// A processing node that behaves: shows its port, runs modules that append their letter to UDP payloads, and sends everything back. It
/// processes only what matches a module that it runs, as the real pump does.
/// </summary>
internal sealed class TestNode
{
    private readonly EmulatedNetwork _network;
    private readonly TestController _controller;
    private readonly EmulatedHost _device;
    private readonly SortedDictionary<uint, NodeCommand.Install> _modules = [];
    private ImmutableArray<byte> _key = [];
    private uint _id;
    private uint _epoch;
    private IDisposable? _heartbeat;
    private TimeSpan _nonceEnds = TimeSpan.MaxValue;

    public TestNode(EmulatedNetwork network, TestController controller, NetworkSwitch at, ushort port, string name)
    {
        _network = network;
        _controller = controller;
        Name = name;
        _device = network.AddHost(name, at, port, new MacAddress(0x0200_0000_aa00 + ((at.Core.DatapathId - 1) << 16) + port), new Ipv4Address(0x0a00_c800u + ((uint)(at.Core.DatapathId - 1) << 8) + port));
        _device.Port.Tap += frame =>
        {
            if (!frame.Outbound)
                Arrived(frame.Bytes);
        };
    }

    public string Name { get; }

    public EmulatedHost Device => _device;

    public long Stream { get; private set; }

    public bool IsAttached { get; private set; }

    /// <summary>Packets that a module has seen.</summary>
    public int Processed { get; private set; }

    /// <summary>Packets that each module has seen, by owner.</summary>
    public Dictionary<uint, int> Seen { get; } = [];

    /// <summary>Packets passed on without any module.</summary>
    public int Passed { get; private set; }

    /// <summary>How long a packet takes through the node.</summary>
    public TimeSpan Detour { get; set; } = TimeSpan.FromMicroseconds(100);

    /// <summary>How long an installation takes.</summary>
    public TimeSpan InstallTime { get; set; } = TimeSpan.FromMilliseconds(20);

    /// <summary>If set, installations fail with this code and text.</summary>
    public (string Code, string Text)? Fails { get; set; }

    /// <summary>Whether to show its port when it is given a nonce.</summary>
    public bool Shows { get; set; } = true;

    public uint Capacity { get; set; } = 1;

    /// <summary>Whether its modules say that they keep nothing from one packet to the next.</summary>
    public bool IsStateless { get; set; }

    /// <summary>The attachment frames that it sent.</summary>
    public List<byte[]> Shown { get; } = [];

    public void Connect()
    {
        Stream = _controller.Connect(this, new NodeGreeting(Name, Capacity, [_device.Mac], "test", [.. _modules.Keys.Select(o => Report(o, ModuleStatus.Active))]));
        _heartbeat?.Dispose();
        TimeSpan second = TimeSpan.FromSeconds(1);
        _heartbeat = _network.Clock.CreateTimer(_ => Beat(), null, second, second);
        _nonceEnds = TimeSpan.MaxValue;
    }

    // A nonce that was spent or went stale without an attachment is of no use any more.
    private void Beat()
    {
        _controller.Tell(new CoreInput.NodeHeard(Stream, []));
        if (_network.Clock.Now < _nonceEnds)
            return;
        _nonceEnds = TimeSpan.MaxValue;
        _controller.Tell(new CoreInput.NonceAsked(Stream, _controller.Random(16)));
    }

    /// <summary>Modules that it runs.</summary>
    public int Modules => _modules.Count;

    /// <summary>Connects as soon as the controller is there.</summary>
    public void ConnectWhenUp()
    {
        if (_controller.IsUp)
            Connect();
        else
            _network.Clock.Schedule(TimeSpan.FromMilliseconds(1), ConnectWhenUp);
    }

    /// <summary>Whether it runs a module.</summary>
    public bool Runs(uint owner) => _modules.ContainsKey(owner);

    /// <summary>The node's process was started anew: no module runs.</summary>
    public void Forget() => _modules.Clear();

    /// <summary>The stream breaks; the pump goes on.</summary>
    public void BreakStream()
    {
        _heartbeat?.Dispose();
        _controller.Tell(new CoreInput.NodeGone(Stream, "the connection broke"));
        Stream = 0;
    }

    /// <summary>Heartbeats stop, the stream stays.</summary>
    public void FallSilent() => _heartbeat?.Dispose();

    /// <summary>Whether its pump answers the controller's probes.</summary>
    public bool AnswersProbes { get; set; } = true;

    /// <summary>Nothing moves any more, in the process or out of it; its link stays up.</summary>
    public bool IsFrozen { get; private set; }

    /// <summary>Packets that it holds.</summary>
    public int Inside { get; private set; }

    /// <summary>Packets that went in while it was frozen, or were inside.</summary>
    public int Swallowed { get; private set; }

    /// <summary>The process is stopped; its stream stays open.</summary>
    public void Freeze()
    {
        IsFrozen = true;
        _heartbeat?.Dispose();
    }

    /// <summary>The process is killed: its stream ends with it.</summary>
    public void Die()
    {
        IsFrozen = true;
        BreakStream();
    }

    /// <summary>All modules here have seen enough of a flow, or (false) want it back.</summary>
    public void Release(FiveTuple flow, bool released = true)
    {
        ImmutableArray<(uint, FiveTuple)> flows = [.. _modules.Keys.Select(owner => (owner, flow))];
        _controller.Tell(released ? new CoreInput.FlowsReleased(Stream, flows) : new CoreInput.FlowsRecalled(Stream, flows));
    }

    /// <summary>It goes on, and connects anew.</summary>
    public void Thaw() => IsFrozen = false;

    public void Leave() => _controller.Tell(new CoreInput.NodeLeaving(Stream));

    public void Take(long stream, NodeCommand command)
    {
        if (stream != Stream || IsFrozen)
            return;
        switch (command)
        {
            case NodeCommand.Welcome welcome:
                (_id, _epoch, _key) = (welcome.NodeId, welcome.Epoch, welcome.Key);
                break;
            case NodeCommand.Nonce nonce when Shows:
                Show(nonce.Value);
                _nonceEnds = _network.Clock.Now + TimeSpan.FromMilliseconds(nonce.ValidMs);
                break;
            case NodeCommand.Attached:
                IsAttached = true;
                _nonceEnds = TimeSpan.MaxValue;
                break;
            case NodeCommand.Install install:
                _network.Clock.Schedule(InstallTime, () => Installed(install));
                break;
            case NodeCommand.Remove remove:
                _modules.Remove(remove.OwnerId);
                _network.Clock.Schedule(TimeSpan.FromMilliseconds(remove.DrainMs), () => Tell(remove.OwnerId, ModuleStatus.Removed));
                break;
        }
    }

    public void Ended(long stream)
    {
        if (stream == Stream)
            Stream = 0;
    }

    /// <summary>An attachment frame of this node's present epoch.</summary>
    public byte[] AttachmentFrameWith(ImmutableArray<byte> nonce)
    {
        byte[] frame = new byte[AttachmentFrame.Size];
        AttachmentFrame.Write(frame, AttachmentKind.Attach, _device.Mac, _id, _epoch, nonce.AsSpan(), _key.AsSpan());
        return frame;
    }

    private void Show(ImmutableArray<byte> nonce)
    {
        byte[] frame = AttachmentFrameWith(nonce);
        Shown.Add(frame);
        _device.SendFrame(frame);
    }

    private void Installed(NodeCommand.Install install)
    {
        if (IsFrozen)
            return;
        if (Fails is { } fault)
        {
            _controller.Tell(new CoreInput.ModuleReported(Stream, new ModuleReport(install.OwnerId, ModuleStatus.Failed, fault.Code, fault.Text, [])));
            return;
        }
        _modules[install.OwnerId] = install;
        Tell(install.OwnerId, ModuleStatus.Active);
    }

    private void Tell(uint owner, ModuleStatus status) => _controller.Tell(new CoreInput.ModuleReported(Stream, Report(owner, status)));

    private ModuleReport Report(uint owner, ModuleStatus status) => new(owner, status, "", "", [], IsStateless);

    private void Reply(in AttachmentFrame probe)
    {
        byte[] reply = new byte[AttachmentFrame.Size];
        AttachmentFrame.WriteReply(reply, probe, _device.Mac, _key.AsSpan());
        _network.Clock.Schedule(Detour, () =>
        {
            if (!IsFrozen)
                _device.SendFrame(reply);
        });
    }

    private void Arrived(byte[] frame)
    {
        if (IsFrozen)
        {
            Swallowed += AttachmentFrame.TryRead(frame, out _, out _) ? 0 : 1;
            return;
        }
        if (AttachmentFrame.TryRead(frame, out AttachmentFrame shown, out _))
        {
            if (shown.Kind == AttachmentKind.Challenge && shown.Verify(_key.AsSpan()))
                _controller.Tell(new CoreInput.ChallengeAnswered(Stream, [.. shown.Nonce]));
            else if (shown.Kind == AttachmentKind.Probe && AnswersProbes && shown.Verify(_key.AsSpan()))
                Reply(shown);
            return;
        }
        if (!IsAttached || !FlowKey.TryExtract(frame, 1, out FlowKey key) || key.DlType != EtherTypes.Ipv4 || key.DlDst.IsMulticast || key.DlDst == _device.Mac)
            return;
        byte[] back = Process(frame, key);
        Inside++;
        _network.Clock.Schedule(Detour, () =>
        {
            Inside--;
            if (IsFrozen)
                Swallowed++;
            else
                _device.SendFrame(back);
        });
    }

    private byte[] Process(byte[] frame, FlowKey key)
    {
        NodeCommand.Install[] matched = [.. _modules.Values.Where(m => Matches(m.Request, key))];
        // Of two of which one replaces the other the newer one alone.
        NodeCommand.Install[] visited = [.. matched.Where(m => matched.All(n => n.Replaces != m.OwnerId)).OrderBy(m => m.Request.Terms.Order).ThenBy(m => m.OwnerId)];
        string letters = string.Concat(visited.Select(m => m.Request.Module.Name[^1]));
        if (letters.Length == 0)
        {
            Passed++;
            return frame;
        }
        Processed++;
        foreach (NodeCommand.Install module in visited)
            Seen[module.OwnerId] = Seen.GetValueOrDefault(module.OwnerId) + 1;
        int tag = key.DlVlan == FlowKey.NoVlan ? 0 : VlanView.HeaderSize;
        byte[] payload = [.. frame.AsSpan(Frames.UdpOverhead + tag), .. letters.Select(c => (byte)c)];
        byte[] plain = new byte[Frames.UdpOverhead + payload.Length];
        Frames.WriteUdp(plain, key.DlSrc, key.DlDst, key.NwSrc, key.NwDst, key.TpSrc, key.TpDst, payload);
        return [.. frame[..(EthernetView.HeaderSize - 2 + tag)], .. plain[(EthernetView.HeaderSize - 2)..]];
    }

    private static bool Matches(NetServRequest request, FlowKey key) => RuleMatches.OfFilter(request.Filter!, request.Terms.Fragments).Any(m => m.Matches(key));
}
