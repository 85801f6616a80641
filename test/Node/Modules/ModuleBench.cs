using NetServ.Modules.Abstractions;

namespace NetServ.Node.Tests.Modules;

/// <summary>One module alone, and what it made of one frame.</summary>
internal sealed class ModuleBench : IEmitter
{
    private readonly IModule _module;

    public ModuleBench(IModule module, params (string Name, string Value)[] properties)
    {
        _module = module;
        module.Start(new ModuleContext(properties.ToDictionary(p => p.Name, p => p.Value), _ => { }, TimeProvider.System));
    }

    public List<byte[]> Emitted { get; } = [];

    public bool HasRoom { get; set; } = true;

    public Verdict Verdict { get; private set; }

    public bool IsReleased { get; private set; }

    public IReadOnlyDictionary<string, long> Counters => _module.ReadCounters();

    public byte[] Process(byte[] frame)
    {
        byte[] buffer = new byte[2048];
        frame.CopyTo(buffer, 0);
        Packet packet = new(buffer, frame.Length);
        Verdict = _module.Process(ref packet, this);
        IsReleased = packet.IsReleased;
        return packet.Frame.ToArray();
    }

    public bool TryEmit(ReadOnlySpan<byte> frame)
    {
        if (HasRoom)
            Emitted.Add(frame.ToArray());
        return HasRoom;
    }
}
