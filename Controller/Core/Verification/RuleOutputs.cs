using NetServ.Controller.Core.Topology;
using NetServ.OpenFlow;
using NetServ.Packets;

namespace NetServ.Controller.Core.Verification;

/// <summary>What becomes of a packet's tag before an output.</summary>
/// <param name="Strips">Whether the tag that it came with is taken off.</param>
/// <param name="Vid">The VLAN id that it then gets, null for none.</param>
internal readonly record struct VlanEdit(bool Strips, ushort? Vid)
{
    public VlanEdit Then(in PictureAction action) => action.Kind == PictureActionKind.StripVlan ? new VlanEdit(true, null) : this with { Vid = action.Value };

    public FlowKey Apply(FlowKey key)
    {
        if (Strips)
            key = key with { DlVlan = FlowKey.NoVlan, DlVlanPcp = 0 };
        return Vid is { } vid ? key with { DlVlan = vid, DlVlanPcp = key.DlVlan == FlowKey.NoVlan ? (byte)0 : key.DlVlanPcp } : key;
    }
}

/// <summary>One way out of a switch.</summary>
/// <param name="Port">Where to: a physical port, or CONTROLLER, LOCAL, NORMAL, TABLE.</param>
/// <param name="Edit">What becomes of the tag before.</param>
/// <param name="Opaque">The action behind which nothing is known any more, null for an output.</param>
internal readonly record struct RuleOutput(ushort Port, VlanEdit Edit, string? Opaque = null);

/// <summary>The ways out that a rule has for a packet that came in by a port (OpenFlow 1.0.0 sections 3.3 and 5.2.1).</summary>
internal static class RuleOutputs
{
    /// <summary>In order. The ingress port is none of them but as IN_PORT, so there may be fewer than the rule has outputs; none drops.</summary>
    public static List<RuleOutput> Of(PictureRule rule, ushort inPort, PictureSwitch at)
    {
        List<RuleOutput> outputs = [];
        VlanEdit edit = default;
        foreach (PictureAction action in rule.Actions)
        {
            switch (action.Kind)
            {
                case PictureActionKind.Output:
                    Add(outputs, action.Value, edit, inPort, at);
                    break;
                case PictureActionKind.Opaque:
                    outputs.Add(new RuleOutput(PortNo.None, edit, action.ToString()));
                    return outputs;
                default:
                    edit = edit.Then(action);
                    break;
            }
        }
        return outputs;
    }

    private static void Add(List<RuleOutput> outputs, ushort port, VlanEdit edit, ushort inPort, PictureSwitch at)
    {
        if (port is PortNo.Flood or PortNo.All)
            outputs.AddRange(at.Ports.Where(p => p.Number != inPort && p.Role != PortRole.Down).Select(p => new RuleOutput(p.Number, edit)));
        else if (port == PortNo.InPort)
            outputs.Add(new RuleOutput(inPort, edit));
        else if (port != inPort)
            outputs.Add(new RuleOutput(port, edit));
    }
}
