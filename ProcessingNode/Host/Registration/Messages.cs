using NetServ.Coordination;
using NetServ.Node.Containers.Lifecycle;
using NetServ.Node.DataPath.Classification;
using NetServ.Node.DataPath.Pump;
using NetServ.Node.Options;
using NetServ.Packets;
using FilterDirection = NetServ.Node.DataPath.Classification.FilterDirection;
using FragmentMode = NetServ.Node.DataPath.Classification.FragmentMode;

namespace NetServ.Node.Registration;

/// <summary>Between the messages of the stream and the node's own types.</summary>
internal static class Messages
{
    public static ModuleReport Report(ModuleStatus status)
    {
        ModuleReport report = new()
        {
            OwnerId = status.OwnerId,
            State = status.Phase switch
            {
                ModulePhase.Installing => ModuleState.Installing,
                ModulePhase.Active => ModuleState.Active,
                ModulePhase.Failed => ModuleState.Failed,
                ModulePhase.Stopping => ModuleState.Stopping,
                _ => ModuleState.Removed,
            },
            Code = status.Refusal?.Code ?? "",
            Text = status.Refusal?.Text ?? "",
            Stateless = status.IsStateless,
        };
        report.Counters.Add(new Dictionary<string, ulong>(status.Counters));
        return report;
    }

    public static NodeMessage Hello(NodeOptions options, IEnumerable<ModuleStatus> modules)
    {
        NodeHello hello = new()
        {
            Name = options.IsNamed || options.Token is null ? options.Name : "",
            Capacity = options.Capacity,
            Version = typeof(Messages).Assembly.GetName().Version?.ToString(3) ?? "",
        };
        hello.MacAddresses.Add(options.Mac.ToString());
        hello.Ipv4Addresses.AddRange(options.Addresses.Select(a => a.ToString()));
        hello.Modules.AddRange(modules.Select(Report));
        return new NodeMessage { Hello = hello };
    }

    public static NodeMessage Heartbeat(PumpCounters counters, (uint BusyPerMille, uint Overruns) load, IEnumerable<ModuleStatus> modules)
    {
        Heartbeat heartbeat = new()
        {
            FramesReceived = (ulong)counters.Received,
            FramesSent = (ulong)counters.Sent,
            FramesDropped = (ulong)counters.Dropped,
            BusyPerMille = load.BusyPerMille,
            Overruns = load.Overruns,
        };
        heartbeat.Modules.AddRange(modules.Select(Report));
        return new NodeMessage { Heartbeat = heartbeat };
    }

    /// <summary>The command; null, and what is wrong, where its filter is none.</summary>
    public static InstallCommand? Read(InstallModule message, out string fault)
    {
        fault = message.Filter is null ? "" : FaultOf(message.Filter);
        if (fault.Length > 0)
            return null;
        return new InstallCommand
        {
            OwnerId = message.OwnerId,
            User = message.User,
            ModuleId = message.ModuleId,
            Url = message.Url,
            Checksum = message.Checksum.Memory,
            Properties = new Dictionary<string, string>(message.Properties),
            Dependencies = [.. message.Dependencies],
            Filter = message.Filter is null ? null : Read(message.Filter),
            FailClosed = message.FailClosed,
            Order = (ushort)Math.Min(message.Order, ushort.MaxValue),
            Replaces = message.Replaces,
        };
    }

    private static PacketFilter Read(Filter filter) =>
        new(Prefix(filter.Address, filter.PrefixLength), (byte)filter.Protocol, (ushort)filter.Port)
        {
            Source = Prefix(filter.SourceAddress, filter.SourcePrefixLength),
            SourcePort = (ushort)filter.SourcePort,
            Direction = (FilterDirection)filter.Direction,
            Fragments = (FragmentMode)filter.Fragments,
        };

    private static Ipv4Prefix Prefix(uint address, uint length) => new(new Ipv4Address(address), (int)length);

    private static string FaultOf(Filter filter)
    {
        if (filter.Protocol > byte.MaxValue)
            return $"filter-proto: {filter.Protocol} is above 255; name an IP protocol.";
        if (!Enum.IsDefined((FilterDirection)filter.Direction))
            return $"filter-direction: {(int)filter.Direction} is no direction that this node knows; run a newer node.";
        if (!Enum.IsDefined((FragmentMode)filter.Fragments))
            return $"fragments: {(int)filter.Fragments} is no mode that this node knows; run a newer node.";
        if (FaultOfPort("filter-port", filter.Port, filter) is { Length: > 0 } fault || (fault = FaultOfPort("filter-src-port", filter.SourcePort, filter)).Length > 0)
            return fault;
        fault = FaultOfPrefix("filter-ipv4", filter.PrefixLength);
        return fault.Length > 0 ? fault : FaultOfPrefix("filter-src-ipv4", filter.SourcePrefixLength);
    }

    private static string FaultOfPort(string field, uint port, Filter filter)
    {
        if (port > ushort.MaxValue)
            return $"{field}: {port} is above 65535; name a port.";
        return port != 0 && filter.Protocol == 0 ? $"{field}: a port needs a protocol; add filter-proto." : "";
    }

    private static string FaultOfPrefix(string field, uint length) =>
        length > 32 ? $"{field}: a prefix has 32 bits at the most, not {length}; correct it." : "";
}
