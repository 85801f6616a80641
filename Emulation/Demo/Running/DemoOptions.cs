using NetServ.Demo.Traffic;

namespace NetServ.Demo.Running;

/// <summary>What the person wrote, checked.</summary>
internal sealed record DemoOptions
{
    /// <summary>Only one JSON object on standard output.</summary>
    public bool Json { get; init; }

    /// <summary>Processing nodes.</summary>
    public int Nodes { get; init; }

    /// <summary>Flows that the filter names.</summary>
    public int Flows { get; init; }

    /// <summary>"keepalive", "netmonitor" or "mark".</summary>
    public string Module { get; init; } = "";

    /// <summary>Packets of a flow that come back to back at first.</summary>
    public int Burst { get; init; }

    /// <summary>"emulated" or "ovs".</summary>
    public string Switch { get; init; } = "";

    /// <summary>A capture to play.</summary>
    public FileInfo? Pcap { get; init; }

    /// <summary>Where to record.</summary>
    public DirectoryInfo? Record { get; init; }

    /// <summary>Packets a second of all hosts together.</summary>
    public int Pps { get; init; }

    /// <summary>The filter for a capture; null: the destination with most packets.</summary>
    public TrafficFilter? Filter { get; init; }

    /// <summary>Whether the module marks each packet that it processes.</summary>
    public bool Stamps => Module == "mark";

    /// <summary>The bundle's id, by which SETUP names it.</summary>
    public string ModuleId => Module switch
    {
        "netmonitor" => "NetServ.Modules.NetMonitor",
        "mark" => "NetServ.Modules.Mark",
        _ => "NetServ.Modules.KeepAlive",
    };
}
