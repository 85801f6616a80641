using NetServ.Emulation;
using NetServ.Emulation.Switch;
using NetServ.OpenFlow;

namespace NetServ.Scenarios;

/// <summary>Somebody else who changes a switch's rules, without a word to the controller.</summary>
internal static class Stranger
{
    public static void Add(NetworkSwitch at, TimeSpan now, Match match, ushort priority, ulong cookie, ushort? vlan, ushort? output)
    {
        ActionWriter writer = new(new byte[64]);
        if (vlan is { } vid)
            writer.SetVlanVid(vid);
        if (output is { } port)
            writer.Output(port);
        Tell(at, now, new FlowMod { Match = match, Cookie = cookie, Priority = priority, BufferId = BufferId.None, OutPort = PortNo.None, Actions = writer.AsList() });
    }

    public static void Delete(NetworkSwitch at, TimeSpan now, FlowView rule) =>
        Tell(at, now, new FlowMod { Command = FlowModCommand.DeleteStrict, Match = rule.Match, Priority = rule.Priority, BufferId = BufferId.None, OutPort = PortNo.None });

    private static void Tell(NetworkSwitch at, TimeSpan now, in FlowMod mod)
    {
        SwitchConnection connection = at.Core.Connect(now);
        byte[] bytes = new byte[256];
        int length = new Hello().Write(bytes);
        length += mod.Write(bytes.AsSpan(length));
        connection.OnBytes(bytes.AsSpan(0, length), now);
        connection.Close();
    }
}
