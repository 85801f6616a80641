using NetServ.Controller.Core;
using NetServ.Controller.Core.Forwarding;
using NetServ.Controller.Core.Sessions;
using NetServ.Controller.Core.Topology;
using NetServ.Controller.OpenFlow;
using NetServ.Coordination;

namespace NetServ.Controller.Grpc;

/// <summary>Links, hosts and ports as the messages of operator.proto.</summary>
internal static class NetworkListings
{
    public static ListLinksReply Links(ControllerCore core)
    {
        ListLinksReply reply = new();
        NetworkMap map = core.Links.Map;
        foreach (Link link in map.Links)
        {
            reply.Links.Add(new LinkInfo
            {
                Dpid = link.A.Dpid,
                Port = link.A.Port,
                PeerDpid = link.B.Dpid,
                PeerPort = link.B.Port,
                Flooded = map.TreePorts(map.IndexOf(link.A.Dpid)).Contains(link.A.Port),
            });
        }
        return reply;
    }

    public static ListHostsReply Hosts(SwitchLoop loop, ulong dpid)
    {
        ListHostsReply reply = new();
        foreach (HostPlace host in loop.Hosts.All.Where(h => dpid == 0 || h.At.Dpid == dpid).OrderBy(h => h.At.Dpid).ThenBy(h => h.At.Port).ThenBy(h => h.Key.Value))
        {
            reply.Hosts.Add(new HostInfo
            {
                Mac = host.Key.Address.ToString(),
                Vlan = host.Key.Vlan,
                Ipv4 = host.Address.Value == 0 ? "" : host.Address.ToString(),
                Dpid = host.At.Dpid,
                Port = host.At.Port,
                HeardMsAgo = (uint)Math.Clamp(loop.Now - host.SeenAt, 0, uint.MaxValue),
            });
        }
        return reply;
    }

    /// <summary>What hangs at the ports of each switch.</summary>
    public static Dictionary<(ulong Dpid, ushort Port), string> Roles(SwitchLoop loop)
    {
        Dictionary<(ulong, ushort), string> roles = [];
        foreach (SwitchState state in loop.Connections.Values.Select(c => c.Session.State))
        {
            foreach (SwitchPort port in state.Ports.All)
                roles[(state.Dpid, port.Number)] = state.Places.IsRouted ? state.Places.RoleOf(port.Number, loop.Now).ToString().ToLowerInvariant() : "host";
        }
        return roles;
    }

    /// <summary>The switches that our rules were taken off, and where none goes until they connect again.</summary>
    public static HashSet<ulong> Cleaned(SwitchLoop loop) => [.. loop.Connections.Values.Where(c => c.Session.IsRunning && c.Session.State.Rules.IsQuiet).Select(c => c.Session.Dpid)];
}
