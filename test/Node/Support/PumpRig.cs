using System.Collections.Concurrent;
using NetServ.Modules.Abstractions;
using NetServ.Node.Containers.Inline;
using NetServ.Node.DataPath.Classification;
using NetServ.Node.DataPath.Containers;
using NetServ.Node.DataPath.Pump;
using NetServ.Packets;
using NetServ.Ports;

namespace NetServ.Node.Tests.Support;

/// <summary>A pump on a memory cable that the test turns by hand.</summary>
internal sealed class PumpRig : IDisposable
{
    private readonly MemoryPort _nodeEnd;
    private readonly MemoryPort _switchEnd;
    private readonly List<FilterEntry> _entries = [];
    private readonly List<IServiceContainer> _containers = [];

    public PumpRig(TimeProvider? time = null)
    {
        (_nodeEnd, _switchEnd) = MemoryPort.CreatePair();
        Port = new SwitchEnd(_switchEnd);
        Pump = new PacketPump(_nodeEnd, [MacAddress.Parse("02:00:00:00:00:99")], [Ipv4Address.Parse("10.0.0.99")], AttachmentFrames, time);
    }

    public SwitchEnd Port { get; }

    public PacketPump Pump { get; }

    public ConcurrentQueue<byte[]> AttachmentFrames { get; } = new();

    public static PacketFilter Filter(string prefix = "10.0.0.1/32", byte protocol = 17, ushort port = 5060) => new(Ipv4Prefix.Parse(prefix), protocol, port);

    /// <summary>Adds a started module behind a filter and puts it in force.</summary>
    public ModuleInstance Install(uint owner, IModule module, PacketFilter filter, InlineContainer container, int order = 0, bool failClosed = false, ushort filterOrder = 0, uint replaces = 0, params (string, string)[] properties)
    {
        module.Start(new ModuleContext(properties.ToDictionary(p => p.Item1, p => p.Item2), _ => { }, TimeProvider.System));
        ModuleInstance instance = new(owner, order, module, failClosed);
        container.Set(instance);
        if (!_containers.Contains(container))
            _containers.Add(container);
        Add(new FilterEntry(owner, filter, FilterFate.Process, container) { ModuleOrder = order, Order = filterOrder, Replaces = replaces });
        return instance;
    }

    public void Use(FilterEntry entry, IServiceContainer? container = null)
    {
        if (container is not null)
            _containers.Add(container);
        Add(entry);
    }

    /// <summary>Sends frames into the node, lets it work, and gives what came out.</summary>
    public List<byte[]> Through(params byte[][] frames)
    {
        Port.Send(frames);
        while (Pump.Turn(TimeSpan.Zero))
        {
        }
        return Port.ReceiveAll();
    }

    public void Dispose()
    {
        _nodeEnd.Dispose();
        _switchEnd.Dispose();
    }

    private void Add(FilterEntry entry)
    {
        _entries.Add(entry);
        Pump.Publish(new Classifier(_entries), [.. _containers]);
    }
}
