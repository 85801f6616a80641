using NetServ.Controller.Core.Forwarding;
using NetServ.Controller.Core.Topology;
using NetServ.Packets;

namespace NetServ.Controller.Core.Verification;

/// <summary>Good reasons to drop a packet.</summary>
internal static class DropReasons
{
    /// <summary>The reason, null if there is none.</summary>
    /// <param name="index">The picture.</param>
    /// <param name="entered">The packet as it entered the network.</param>
    /// <param name="hop">The packet where it is dropped.</param>
    /// <param name="isFirst">Whether it enters there.</param>
    public static string? Of(PictureIndex index, in FlowKey entered, Hop hop, bool isFirst)
    {
        foreach (PictureFilter filter in index.Picture.Filters)
        {
            if (filter.FailClosed && !hop.Processed.Contains(filter.OwnerId) && Matches(filter, entered))
                return $"{filter} is fail-closed and has not processed it";
        }
        if (isFirst && index.RoleOf(hop.At) == PortRole.Edge && index.TagOf(entered.DlVlan) is not null)
            return "reserved tags do not come in from outside";
        HostKey destination = new(hop.Packet.DlDst, hop.Packet.DlVlan);
        return index.HostsAt(hop.At).Any(h => new HostKey(h.Address, h.Vlan) == destination) ? "its destination is where it came in" : null;
    }

    /// <summary>Whether a filter asks for a packet, as it enters the network.</summary>
    public static bool Matches(PictureFilter filter, in FlowKey entered)
    {
        foreach (OpenFlow.Match match in filter.Matches)
        {
            if (match.Matches(entered))
                return true;
        }
        return false;
    }
}
