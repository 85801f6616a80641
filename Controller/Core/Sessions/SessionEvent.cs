using System.Collections.Immutable;
using NetServ.Controller.Core.Forwarding;
using NetServ.Controller.Core.Topology;
using NetServ.Packets;

namespace NetServ.Controller.Core.Sessions;

/// <summary>A port as the switch describes it.</summary>
/// <param name="Number">Its number.</param>
/// <param name="Name">Its name.</param>
/// <param name="Address">Its address.</param>
/// <param name="Up">Whether link and configuration let frames through.</param>
/// <param name="Floods">Whether it takes part in floods.</param>
public sealed record SwitchPort(ushort Number, string Name, MacAddress Address, bool Up, bool Floods);

/// <summary>What a session tells Core.</summary>
public abstract record SessionEvent
{
    private SessionEvent()
    {
    }

    /// <summary>The handshake is over, the durable rules are in.</summary>
    public sealed record Ready(ulong Dpid, ImmutableArray<SwitchPort> Ports, uint Buffers) : SessionEvent;

    /// <summary>A port came, went or changed; all ports are given.</summary>
    public sealed record PortsChanged(ulong Dpid, ImmutableArray<SwitchPort> Ports) : SessionEvent;

    /// <summary>All that was sent before the barrier with this token has been processed, as far as the switch says.</summary>
    public sealed record BarrierPassed(long Token) : SessionEvent;

    /// <summary>A frame with the attachment EtherType came in.</summary>
    public sealed record AttachmentSeen(ulong Dpid, ushort Port, ImmutableArray<byte> Frame) : SessionEvent;

    /// <summary>A flow got its node; only the first ones of each filter are told.</summary>
    public sealed record Placed(ulong Dpid, uint OwnerId, uint NodeId, string Flow) : SessionEvent;

    /// <summary>A probe came in by a port where none, or another's, came before.</summary>
    public sealed record LinkHeard(PortId At, PortId From) : SessionEvent;

    /// <summary>No probes come in by a port any more.</summary>
    public sealed record LinkLost(ulong Dpid, ushort Port) : SessionEvent;

    /// <summary>Hosts that are new, have moved, are gone, or have not been told for a while.</summary>
    public sealed record HostsHeard(ImmutableArray<HostPlace> Hosts) : SessionEvent;

    /// <summary>Frames that a port has received so far.</summary>
    public sealed record PortCounted(ulong Dpid, ushort Port, ulong Received) : SessionEvent;

    /// <summary>Something an operator should know.</summary>
    public sealed record Alarm(string Text) : SessionEvent;

    /// <summary>The switch did not have what it should have, and has been mended.</summary>
    /// <param name="Dpid">The switch.</param>
    /// <param name="Missing">Rules that were gone.</param>
    /// <param name="Replaced">Rules that did something else.</param>
    /// <param name="Unknown">Rules of ours that nobody here had sent.</param>
    public sealed record Mended(ulong Dpid, int Missing, int Replaced, int Unknown) : SessionEvent;

    /// <summary>What the switch has, for who asked with the token.</summary>
    public sealed record RulesRead(long Token, ImmutableArray<ReadRule> Rules) : SessionEvent;

    /// <summary>Our rules were taken off; the session keeps quiet from now on.</summary>
    public sealed record Cleaned(long Token, ulong Dpid, int Removed, int LeftAlone) : SessionEvent;
}
