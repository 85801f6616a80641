using System.Globalization;
using NetServ.OpenFlow;
using NetServ.Packets;

namespace NetServ.Controller.Core.Steering;

/// <summary>What a rule of ours does: at most one change of the VLAN id, then one output.</summary>
/// <param name="Port">The output; <see cref="PortNo.None"/> to drop.</param>
/// <param name="Vlan">The VLAN id to send it with: <see cref="FlowKey.NoVlan"/> for no tag, <see cref="AsItIs"/> for none of our business.</param>
public readonly record struct RuleAction(ushort Port, ushort Vlan = RuleAction.AsItIs)
{
    /// <summary>The VLAN id stays.</summary>
    public const ushort AsItIs = 0xfffe;

    /// <summary>Bytes that it takes at the most.</summary>
    public const int MaxSize = 16;

    /// <summary>No output.</summary>
    public static RuleAction Drop => new(PortNo.None);

    /// <summary>To the controller.</summary>
    public static RuleAction Controller => new(PortNo.Controller);

    /// <summary>Whether frames end here.</summary>
    public bool IsDrop => Port == PortNo.None;

    /// <summary>The same for a frame that came in by a port: back there needs a word of its own (OpenFlow 1.0.0 section 5.2.1).</summary>
    public RuleAction From(ushort inPort) => Port == inPort ? this with { Port = PortNo.InPort } : this;

    /// <summary>Appends the actions.</summary>
    public void WriteTo(ref ActionWriter actions)
    {
        if (IsDrop)
            return;
        WriteVlan(ref actions, Vlan);
        actions.Output(Port);
    }

    /// <summary>Appends the change of the VLAN id, if it is one.</summary>
    public static void WriteVlan(ref ActionWriter actions, ushort vlan)
    {
        if (vlan == FlowKey.NoVlan)
            actions.StripVlan();
        else if (vlan != AsItIs)
            actions.SetVlanVid(vlan);
    }

    /// <summary>Reads actions as <see cref="WriteTo"/> writes them; false for any others.</summary>
    public static bool TryRead(ActionList list, out RuleAction action)
    {
        action = Drop;
        bool first = true;
        foreach (ActionView view in list)
        {
            if (!action.IsDrop)
                return false;
            if (view.Type == ActionType.Output)
                action = action with { Port = view.Port };
            else if (first && view.Type == ActionType.StripVlan)
                action = action with { Vlan = FlowKey.NoVlan };
            else if (first && view.Type == ActionType.SetVlanVid)
                action = action with { Vlan = view.VlanVid };
            else
                return false;
            first = false;
        }
        return first || !action.IsDrop;
    }

    /// <summary>As ovs-ofctl writes it.</summary>
    public override string ToString()
    {
        if (IsDrop)
            return "drop";
        string vlan = Vlan switch
        {
            AsItIs => "",
            FlowKey.NoVlan => "strip_vlan,",
            _ => string.Create(CultureInfo.InvariantCulture, $"mod_vlan_vid:{Vlan},"),
        };
        return $"{vlan}output:{PortNo.ToString(Port)}";
    }
}
