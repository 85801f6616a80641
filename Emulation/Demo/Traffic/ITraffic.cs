using NetServ.Demo.Counting;
using NetServ.Demo.Measuring;
using NetServ.Demo.Relays;

namespace NetServ.Demo.Traffic;

/// <summary>What the hosts send: made by the demo, or played from a capture.</summary>
internal interface ITraffic
{
    /// <summary>The hosts, by switch port.</summary>
    IReadOnlyList<HostSpec> Hosts { get; }

    /// <summary>The flow table.</summary>
    IReadOnlyList<Flow> Flows { get; }

    /// <summary>What SETUP names.</summary>
    TrafficFilter Filter { get; }

    /// <summary>How packets are known again.</summary>
    IPacketIdentifier Identifier { get; }

    /// <summary>What the hosts send before all else, so that a switch knows where they are.</summary>
    IReadOnlyList<Packet> Announcements { get; }

    /// <summary>What is played of a capture; null where there is none.</summary>
    CaptureReport? Capture { get; }

    /// <summary>The first packet, or burst, of every flow.</summary>
    IEnumerable<Packet> First(PhaseCode phase);

    /// <summary>All later packets.</summary>
    IEnumerable<Packet> Later(PhaseCode phase);

    /// <summary>One more packet of each flow that runs while SETUP or REMOVE is under way; empty if there are none.</summary>
    IEnumerable<Packet> Running(PhaseCode phase);

    /// <summary>What a host does when it hears a frame.</summary>
    void Heard(HostPort port, Identity identity, ReadOnlySpan<byte> frame);
}
