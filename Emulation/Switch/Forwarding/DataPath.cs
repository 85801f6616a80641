using System.Buffers.Binary;
using NetServ.Emulation.Switch.Table;
using NetServ.OpenFlow;
using NetServ.Packets;

namespace NetServ.Emulation.Switch.Forwarding;

/// <summary>Who tells the controllers of a frame.</summary>
internal interface IPacketInTarget
{
    /// <summary>
    /// At most <paramref name="maxLength"/> bytes of a frame sent by an action; a miss has the limit of each connection. It is for the
    /// connections of one id, 0 unless the action says otherwise.
    /// </summary>
    void PacketIn(ReadOnlySpan<byte> frame, ushort inPort, PacketInReason reason, ushort maxLength, ushort controllerId, TimeSpan now);
}

/// <summary>Frame in, look-up, actions, frames out (OpenFlow 1.0.0 section 3).</summary>
internal sealed class DataPath(PortSet ports, FlowTable table, LearningTable learning, IFrameSink sink, IPacketInTarget controller)
{
    // A rule cannot send a frame through the table again, so a packet-out and one rule are as deep as it gets.
    private readonly FrameEditor[] _editors = [new FrameEditor(), new FrameEditor()];

    /// <summary>The table that frames are looked up in.</summary>
    public FlowTable Table { get; set; } = table;

    /// <summary>Whether a frame without an entry goes as OFPP_NORMAL instead of to the controller.</summary>
    public bool MissesAreNormal { get; set; }

    /// <summary>Whether fragments are dropped (OFPC_FRAG_DROP).</summary>
    public bool DropsFragments { get; set; }

    /// <summary>A frame that came in by a port.</summary>
    public void Receive(ushort inPort, ReadOnlySpan<byte> frame, TimeSpan now)
    {
        if (!ports.TryFind(inPort, out SwitchPort? port) || !port.Receive(frame))
            return;
        if (!FlowKey.TryExtract(frame, inPort, out FlowKey key, out FrameInfo info) || (DropsFragments && (info & FrameInfo.Fragment) != 0))
        {
            port.Drop();
            return;
        }
        ThroughTable(key, port, frame, inPort, now, 0);
    }

    /// <summary>Carries out actions in their order; each output sends the frame as it is by then.</summary>
    public void Run(ReadOnlySpan<SwitchAction> actions, ReadOnlySpan<byte> frame, ushort inPort, TimeSpan now, int depth = 0)
    {
        FrameEditor editor = _editors[depth];
        bool edited = false;
        foreach (ref readonly SwitchAction action in actions)
        {
            if (action.Type is ActionType.Output or ActionType.Enqueue)
            {
                Output(action, edited ? editor.Frame : frame, inPort, now, depth);
                continue;
            }
            // Without life left the frame goes nowhere any more.
            if (!edited)
                editor.Load(frame);
            edited = true;
            if (action.Type != ActionType.Vendor)
                editor.Apply(action);
            else if (!editor.TryDecrementTtl())
                return;
        }
    }

    private void ThroughTable(in FlowKey key, SwitchPort? port, ReadOnlySpan<byte> frame, ushort inPort, TimeSpan now, int depth)
    {
        if (Table.Lookup(FlowBits.OfKey(key)) is { } entry)
            Follow(entry, frame, inPort, now, depth);
        else if (MissesAreNormal)
            Normal(frame, inPort, now);
        else if (port is null or { ReportsMisses: true })
            controller.PacketIn(frame, inPort, PacketInReason.NoMatch, ushort.MaxValue, 0, now);
    }

    private void Follow(FlowEntry entry, ReadOnlySpan<byte> frame, ushort inPort, TimeSpan now, int depth)
    {
        entry.Count(frame.Length, now);
        Run(entry.Actions, frame, inPort, now, depth);
    }

    private void Output(in SwitchAction action, ReadOnlySpan<byte> frame, ushort inPort, TimeSpan now, int depth)
    {
        if (action.Type == ActionType.Enqueue)
        {
            Enqueue(action, frame, inPort);
            return;
        }
        switch (action.Port)
        {
            case PortNo.InPort: Transmit(inPort, frame); break;
            case PortNo.Table: Resubmit(frame, inPort, now, depth + 1); break;
            case PortNo.Normal: Normal(frame, inPort, now); break;
            case PortNo.Flood: Flood(frame, inPort, all: false); break;
            case PortNo.All: Flood(frame, inPort, all: true); break;
            case PortNo.Controller: controller.PacketIn(frame, inPort, (PacketInReason)(action.Value >> 16), action.MaxLength, (ushort)action.Value, now); break;
            default:
                if (action.Port != inPort)
                    Transmit(action.Port, frame);
                break;
        }
    }

    private void Resubmit(ReadOnlySpan<byte> frame, ushort inPort, TimeSpan now, int depth)
    {
        if (!FlowKey.TryExtract(frame, inPort, out FlowKey key))
            return;
        ports.TryFind(inPort, out SwitchPort? port);
        ThroughTable(key, port, frame, inPort, now, depth);
    }

    private void Enqueue(in SwitchAction action, ReadOnlySpan<byte> frame, ushort inPort)
    {
        bool back = action.Port == PortNo.InPort;
        ushort number = back ? inPort : action.Port;
        if ((number == inPort && !back) || !ports.TryFind(number, out SwitchPort? port) || port.FindQueue((uint)action.Value) is not { } queue || !port.Transmit(frame.Length))
            return;
        queue.Count(frame.Length);
        sink.Send(number, frame);
    }

    private void Flood(ReadOnlySpan<byte> frame, ushort inPort, bool all)
    {
        foreach (SwitchPort port in ports.Ordered)
            if (port.Number != inPort && (all || port.Floods) && port.Transmit(frame.Length))
                sink.Send(port.Number, frame);
    }

    private void Transmit(ushort number, ReadOnlySpan<byte> frame)
    {
        if (ports.TryFind(number, out SwitchPort? port) && port.Transmit(frame.Length))
            sink.Send(number, frame);
    }

    // A learning bridge whose ports carry all VLANs; it does not forward what 802.1D reserves for the link.
    private void Normal(ReadOnlySpan<byte> frame, ushort inPort, TimeSpan now)
    {
        if (frame.Length < 14)
            return;
        MacAddress destination = MacAddress.Read(frame);
        if ((destination.Value & ~0xfUL) == 0x0180_c200_0000)
            return;
        ushort vlan = frame.Length >= 18 && BinaryPrimitives.ReadUInt16BigEndian(frame[12..]) == EtherTypes.Vlan
            ? (ushort)(BinaryPrimitives.ReadUInt16BigEndian(frame[14..]) & 0xfff)
            : (ushort)0;
        if (ports.TryFind(inPort, out _))
            learning.Learn(vlan, MacAddress.Read(frame[6..]), inPort, now);
        if (!learning.TryFind(vlan, destination, now, out ushort port))
            Flood(frame, inPort, all: false);
        else if (port != inPort)
            Transmit(port, frame);
    }
}
