using NetServ.Controller.Core.Steering;
using NetServ.OpenFlow;

namespace NetServ.Controller.Core.Sessions;

/// <summary>
/// Writes messages to one switch. Transaction ids count up per connection; the latest rules are remembered by theirs, so that an error
/// names the rule and its owner.
/// </summary>
public sealed class SwitchWriter
{
    private const int Remembered = 4096;
    private const int MaxFloodPorts = 1024;
    private const int ActionSize = 8;

    private readonly SentRules _sent = new(Remembered);
    private byte[] _actions = new byte[RuleAction.MaxSize];
    private uint _xid;

    /// <summary>A writer into <paramref name="output"/>.</summary>
    public SwitchWriter(OutputBuffer output, SessionCounters counters)
    {
        Output = output;
        Counters = counters;
    }

    /// <summary>Where it writes.</summary>
    public OutputBuffer Output { get; }

    /// <summary>What it counts.</summary>
    public SessionCounters Counters { get; }

    /// <summary>The next transaction id.</summary>
    public uint NextXid() => ++_xid == 0 ? ++_xid : _xid;

    /// <summary>Adds a rule.</summary>
    public void Add(in Match match, RuleCookie cookie, RuleAction action, ushort idleSeconds)
    {
        Count(cookie.Kind);
        ActionWriter actions = new(_actions);
        action.WriteTo(ref actions);
        Write(FlowModCommand.Add, match, cookie, actions.AsList(), idleSeconds, FlowModFlags.SendFlowRemoved);
    }

    /// <summary>Deletes exactly one rule.</summary>
    public void DeleteStrict(in Match match, ushort priority, RuleCookie cookie) =>
        Output.Write(new FlowMod
        {
            Xid = Remember(cookie),
            Match = match,
            Command = FlowModCommand.DeleteStrict,
            Priority = priority,
            BufferId = BufferId.None,
            OutPort = PortNo.None,
        });

    /// <summary>Sends a frame out of one port, the ingress port included.</summary>
    public void PacketOut(in Frame frame, ushort outPort)
    {
        if (frame.IsWhole)
        {
            Release(frame);
            PacketOut(frame.InPort, frame.Data, outPort);
            return;
        }
        ActionWriter actions = new(_actions);
        actions.Output(outPort == frame.InPort ? PortNo.InPort : outPort);
        PacketOut(frame, actions.AsList());
    }

    /// <summary>Sends a frame as a rule would, back out of the ingress port included.</summary>
    public void PacketOut(in Frame frame, RuleAction action)
    {
        if (action.IsDrop)
        {
            Drop(frame);
            return;
        }
        ActionWriter actions = new(_actions);
        action.From(frame.InPort).WriteTo(ref actions);
        PacketOut(frame, actions.AsList());
    }

    /// <summary>Sends a frame out of some ports as it is, then out of others with another VLAN id; but not where it came in nor where <paramref name="except"/> says.</summary>
    public void PacketOut(in Frame frame, ReadOnlySpan<ushort> asItIs, ushort vlan, ReadOnlySpan<ushort> changed, ushort except)
    {
        ActionWriter actions = new(RoomFor(asItIs.Length + changed.Length + 1));
        AddOutputs(ref actions, frame, asItIs, except);
        ActionWriter all = actions;
        RuleAction.WriteVlan(ref all, vlan);
        int marked = all.Written;
        AddOutputs(ref all, frame, changed, except);
        if (all.Written > marked)
            actions = all;
        if (actions.Written == 0)
            Drop(frame);
        else
            PacketOut(frame, actions.AsList());
    }

    /// <summary>Sends a frame that is here as a whole and in no buffer out of one port.</summary>
    public void PacketOut(ushort inPort, ReadOnlySpan<byte> frame, ushort outPort)
    {
        Output.Write(new OutputTo { Xid = NextXid(), InPort = inPort, Port = outPort == inPort ? PortNo.InPort : outPort, Data = frame });
        Counters.PacketOuts++;
    }

    /// <summary>Sends a frame of our own out of a port.</summary>
    public void Originate(ReadOnlySpan<byte> frame, ushort outPort) =>
        PacketOut(new Frame { InPort = PortNo.None, BufferId = BufferId.None, Data = frame, IsWhole = true }, outPort);

    /// <summary>Sends a frame out of several ports, but not where it came in nor where <paramref name="except"/> says.</summary>
    public void PacketOut(in Frame frame, ReadOnlySpan<ushort> ports, ushort except)
    {
        ActionWriter actions = new(RoomFor(ports.Length));
        AddOutputs(ref actions, frame, ports, except);
        if (actions.Written == 0)
            Drop(frame);
        else
            PacketOut(frame, actions.AsList());
    }

    /// <summary>Forwards a frame nowhere; a buffer that holds it is freed.</summary>
    public void Drop(in Frame frame)
    {
        Counters.Dropped++;
        Release(frame);
    }

    /// <summary>Frees the buffer of a frame whose data is here.</summary>
    public void Release(in Frame frame)
    {
        if (frame.BufferId != BufferId.None)
            Output.Write(new PacketOut { Xid = NextXid(), BufferId = frame.BufferId, InPort = frame.InPort });
    }

    /// <summary>Asks for a barrier reply; returns its transaction id.</summary>
    public uint Barrier()
    {
        uint xid = NextXid();
        Output.Write(new BarrierRequest(xid));
        return xid;
    }

    /// <summary>What a FLOW_MOD was for, if it is one of the latest.</summary>
    public bool TryRecall(uint xid, out RuleKind kind, out uint ownerId) => _sent.TryFind(xid, out kind, out ownerId);

    private static void AddOutputs(ref ActionWriter actions, in Frame frame, ReadOnlySpan<ushort> ports, ushort except)
    {
        foreach (ushort port in ports)
        {
            if (port != frame.InPort && port != except && actions.Written < MaxFloodPorts * ActionSize)
                actions.Output(port);
        }
    }

    // Grows to the ports of this switch, once.
    private byte[] RoomFor(int ports)
    {
        int size = (Math.Min(ports, MaxFloodPorts) + 2) * ActionSize;
        if (_actions.Length < size)
            _actions = new byte[size];
        return _actions;
    }

    private void PacketOut(in Frame frame, ActionList actions)
    {
        if (frame.IsWhole)
        {
            Release(frame);
            Output.Write(new PacketOut { Xid = NextXid(), BufferId = BufferId.None, InPort = frame.InPort, Actions = actions, Data = frame.Data });
        }
        else if (frame.BufferId != BufferId.None)
        {
            Output.Write(new PacketOut { Xid = NextXid(), BufferId = frame.BufferId, InPort = frame.InPort, Actions = actions });
        }
        else
        {
            Counters.Lost++;
            return;
        }
        Counters.PacketOuts++;
    }

    private void Write(FlowModCommand command, in Match match, RuleCookie cookie, ActionList actions, ushort idleSeconds, FlowModFlags flags) =>
        Output.Write(new FlowMod
        {
            Xid = Remember(cookie),
            Match = match,
            Cookie = cookie.Value,
            Command = command,
            IdleTimeout = idleSeconds,
            Priority = Bands.PriorityOf(cookie.Kind),
            BufferId = BufferId.None,
            OutPort = PortNo.None,
            Flags = flags,
            Actions = actions,
        });

    private uint Remember(RuleCookie cookie)
    {
        Counters.FlowMods++;
        uint xid = NextXid();
        _sent.Add(xid, cookie.Kind, cookie.OwnerId);
        return xid;
    }

    private void Count(RuleKind kind)
    {
        switch (kind)
        {
            case RuleKind.Steering: Counters.SteeringMods++; break;
            case RuleKind.Return: Counters.ReturnMods++; break;
            case RuleKind.Catch: Counters.CatchMods++; break;
            case RuleKind.Forwarding: Counters.ForwardingMods++; break;
        }
    }
}
