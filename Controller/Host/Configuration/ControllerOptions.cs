using System.Net;
using NetServ.Controller.Core;
using NetServ.Controller.Core.Admission;
using NetServ.Controller.Core.Nodes;
using NetServ.Controller.Core.Sessions;

namespace NetServ.Controller.Configuration;

/// <summary>What a person wrote, checked; never changed afterwards.</summary>
public sealed record ControllerOptions
{
    /// <summary>Where switches connect: by default at the port of the standard and at the one that switches of its time use, IPv4 and IPv6.</summary>
    public IReadOnlyList<OpenFlowEndpoint> OpenFlow { get; init; } = [new(IPAddress.IPv6Any, 6653), new(IPAddress.IPv6Any, 6633)];

    /// <summary>About their connections.</summary>
    public ChannelOptions Channel { get; init; } = new();

    /// <summary>Where nodes and operators connect (gRPC, HTTP/2 without TLS).</summary>
    public IPEndPoint Grpc { get; init; } = new(IPAddress.Loopback, 6690);

    /// <summary>Where /healthz and /metrics are.</summary>
    public IPEndPoint Http { get; init; } = new(IPAddress.Loopback, 6691);

    /// <summary>The file that keeps what must survive a restart; null keeps nothing.</summary>
    public string? Store { get; init; }

    /// <summary>What operators show for listings and cleaning; null lets everybody.</summary>
    public string? OperatorToken { get; init; }

    /// <summary>Who may send requests.</summary>
    public IReadOnlyList<UserAccount> Users { get; init; } = [];

    /// <summary>Nodes with their tokens.</summary>
    public IReadOnlyList<(ConfiguredNode Node, string Token)> Nodes { get; init; } = [];

    /// <summary>For sessions.</summary>
    public SwitchSessionOptions Session { get; init; } = new();

    /// <summary>For Core.</summary>
    public CoreOptions Core { get; init; } = new();
}
