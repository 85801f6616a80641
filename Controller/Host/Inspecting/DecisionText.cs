using NetServ.Controller.Core.Sessions;
using NetServ.Controller.Core.Steering;
using NetServ.Controller.Core.Verification;

namespace NetServ.Controller.Inspecting;

/// <summary>What the controller would do with a packet, in words.</summary>
internal static class DecisionText
{
    public static string Of(Foreseen foreseen, NetworkPicture picture)
    {
        string by = foreseen.OwnerId == 0 ? "" : $" by {picture.Filters.FirstOrDefault(f => f.OwnerId == foreseen.OwnerId)?.ToString() ?? $"owner {foreseen.OwnerId:x8}"}";
        string node = picture.Nodes.FirstOrDefault(n => n.NodeId == foreseen.NodeId)?.Name ?? "a node";
        return foreseen.Kind switch
        {
            ForeseenKind.Taken => "it is for the controller itself",
            ForeseenKind.Steered => $"{(foreseen.IsNew ? "a new flow, " : "")}steered to {node}{by}: {foreseen.Action}",
            ForeseenKind.Direct => $"on to its destination past the filters{by}: {foreseen.Action}",
            ForeseenKind.Forwarded => $"no filter that is served wants it, forwarded: {foreseen.Action}",
            ForeseenKind.Flooded => "where its destination is is not known: flooded",
            ForeseenKind.Held => $"held until a way is known{by}",
            _ => $"dropped{by}",
        };
    }
}
