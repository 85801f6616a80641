using NetServ.Modules.Abstractions;
using NetServ.Packets;

namespace NetServ.Node.Tests.Support;

/// <summary>A module that fails on request: property <c>throw</c> is start, constructor-like faults apart, or process; <c>count</c> limits the latter.
/// Property <c>recall</c> makes it call back the UDP flow between these two ports of 0.0.0.0, e.g. <c>7-8</c>, when it starts.</summary>
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
        if (context.Properties.TryGetValue("recall", out string? ports))
            context.Recall(new FiveTuple(IpProtocols.Udp, default, default, ushort.Parse(ports.Split('-')[0]), ushort.Parse(ports.Split('-')[1])));
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
