using NetServ.Coordination;
using NetServ.Node.DataPath.Releases;
using NetServ.Packets;

namespace NetServ.Node.Registration;

/// <summary>What modules say of flows, as messages: one for each run of the same kind and module, so that their order stays.</summary>
internal static class FlowMessages
{
    public static IEnumerable<NodeMessage> Write(IReadOnlyList<FlowNotice> notices)
    {
        for (int start = 0, end; start < notices.Count; start = end)
        {
            bool released = notices[start].IsReleased;
            for (end = start; end < notices.Count && notices[end].IsReleased == released; end++)
            {
            }
            foreach (IGrouping<uint, FlowNotice> module in notices.Skip(start).Take(end - start).GroupBy(n => n.OwnerId))
                yield return released ? Released(module) : Recalled(module);
        }
    }

    private static NodeMessage Released(IGrouping<uint, FlowNotice> module) =>
        new() { FlowsReleased = new FlowsReleased { OwnerId = module.Key, Flows = { module.Select(n => Write(n.Flow)) } } };

    private static NodeMessage Recalled(IGrouping<uint, FlowNotice> module) =>
        new() { FlowsRecalled = new FlowsRecalled { OwnerId = module.Key, Flows = { module.Select(n => Write(n.Flow)) } } };

    private static Flow Write(FiveTuple flow) => new()
    {
        Protocol = flow.NwProto,
        SourceAddress = flow.NwSrc.Value,
        DestinationAddress = flow.NwDst.Value,
        SourcePort = flow.TpSrc,
        DestinationPort = flow.TpDst,
        Vlan = flow.DlVlan,
    };
}
