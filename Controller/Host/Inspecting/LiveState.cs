using System.Collections.Immutable;
using NetServ.Controller.Core;
using NetServ.Controller.Core.Forwarding;
using NetServ.Controller.Core.Nodes;
using NetServ.Controller.Core.Placement;
using NetServ.Controller.Core.Sessions;
using NetServ.Controller.Core.Steering;
using NetServ.Controller.Core.Topology;
using NetServ.Controller.Core.Verification;
using NetServ.Controller.OpenFlow;
using NetServ.OpenFlow;

namespace NetServ.Controller.Inspecting;

/// <summary>What Core alone knows.</summary>
/// <param name="Owners">User and module of each owner id.</param>
/// <param name="LiveNodes">Ids of the nodes that pass packets.</param>
internal sealed record CoreFacts(IReadOnlyDictionary<uint, (string User, string Module)> Owners, IReadOnlySet<uint> LiveNodes)
{
    public static CoreFacts Of(ControllerCore core) => new(
        core.Modules.All.ToDictionary(m => m.OwnerId, m => (m.Request.User, m.Request.Module.ToString())),
        core.Nodes.All.Where(n => n.PassesPackets).Select(n => n.Id).ToHashSet());
}

/// <summary>A switch with the rules that its session believes to be there.</summary>
internal sealed record LiveSwitch(long Session, ulong Dpid, ushort Domain, bool IsRouted, ImmutableArray<PicturePort> Ports, KeyValuePair<RuleKey, Rule>[] Rules)
{
    /// <summary>Whether our rules were taken off, and none goes there until it connects again.</summary>
    public bool IsCleaned { get; init; }
}

/// <summary>What the switches' loop knows at one moment, copied as it is: what is made of it is made elsewhere.</summary>
internal sealed record LiveState(LiveSwitch[] Switches, Snapshot Snapshot, HostPlace[] Hosts, FlowId[] Released)
{
    /// <summary>Copies it; on the loop.</summary>
    public static LiveState Of(SwitchLoop loop) => new(
        [
            .. loop.Connections.Values.Where(c => c.Session.IsRunning).OrderByDescending(c => c.Id).DistinctBy(c => c.Session.Dpid).OrderBy(c => c.Session.Dpid)
                .Select(c => SwitchOf(c.Id, c.Session.State, loop.Now)),
        ],
        loop.Snapshot,
        [.. loop.Hosts.All.Where(h => !h.IsGone)],
        [.. loop.Pins.All.Where(p => p.Value.ReleasedFrom != 0).Select(p => p.Key)]);

    private static LiveSwitch SwitchOf(long session, SwitchState state, long now) => new(
        session,
        state.Dpid,
        state.Options.Domain,
        state.Places.IsRouted,
        [
            .. state.Ports.All.Where(p => PortNo.IsPhysical(p.Number))
                .Select(p => new PicturePort(p.Number, state.Ports.IsUp(p.Number) ? state.Places.RoleOf(p.Number, now) : PortRole.Down)),
        ],
        [.. state.Rules.All])
    {
        IsCleaned = state.Rules.IsQuiet,
    };
}
