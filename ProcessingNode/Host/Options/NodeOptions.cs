using NetServ.Node.Containers.Bundles;
using NetServ.Packets;
using NetServ.Ports;

namespace NetServ.Node.Options;

/// <summary>What a person wrote on the command line, checked.</summary>
public sealed record NodeOptions
{
    /// <summary>The controller's gRPC address; plain http means HTTP/2 without TLS.</summary>
    public required Uri Controller { get; init; }

    /// <summary>The port that hangs on the switch.</summary>
    public required PortSpec Port { get; init; }

    /// <summary>The node's name.</summary>
    public required string Name { get; init; }

    /// <summary>Whether the name was given; where it was not, and there is a token, the controller names the node by that.</summary>
    public bool IsNamed { get; init; } = true;

    /// <summary>What the node shows the controller; null for none.</summary>
    public string? Token { get; init; }

    /// <summary>Relative weight, 1 or more.</summary>
    public uint Capacity { get; init; } = 1;

    /// <summary>The node's own link address.</summary>
    public required MacAddress Mac { get; init; }

    /// <summary>The node's own IPv4 addresses.</summary>
    public IReadOnlyList<Ipv4Address> Addresses { get; init; } = [];

    /// <summary>What a download may cost.</summary>
    public BundleLimits Limits { get; init; } = BundleLimits.Default;
}
