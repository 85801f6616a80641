using NetServ.Modules.Abstractions;

namespace NetServ.Node.Tests.Support;

/// <summary>A module that fails on request: property <c>throw</c> is start, constructor-like faults apart, or process; <c>count</c> limits the latter.</summary>
public sealed class FaultyModule : IModule
{
    private bool _process;
    private int _left = int.MaxValue;

    public void Start(ModuleContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        string when = context.Properties.GetValueOrDefault("throw", "");
        if (when == "start")
            throw new InvalidOperationException("cannot start today");
        _process = when == "process";
        if (context.Properties.TryGetValue("count", out string? count))
            _left = int.Parse(count);
    }

    public Verdict Process(ref Packet packet, IEmitter emitter)
    {
        if (!_process || _left-- <= 0)
            return Verdict.Pass;
        packet.Payload.Fill((byte)'!');
        throw new InvalidOperationException("cannot work today");
    }

    public void Stop()
    {
    }
}
