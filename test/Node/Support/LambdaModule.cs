using NetServ.Modules.Abstractions;

namespace NetServ.Node.Tests.Support;

internal delegate Verdict ProcessPacket(ref Packet packet, IEmitter emitter);

/// <summary>A module whose work is written in the test.</summary>
internal sealed class LambdaModule(ProcessPacket process) : IModule
{
    public void Start(ModuleContext context)
    {
    }

    public Verdict Process(ref Packet packet, IEmitter emitter) => process(ref packet, emitter);

    public void Stop()
    {
    }

    /// <summary>Writes a letter over the first underscore of the payload: shows which modules a packet met, in order.</summary>
    public static LambdaModule Writing(char letter) => new((ref Packet packet, IEmitter _) =>
    {
        int at = packet.Payload.IndexOf((byte)'_');
        if (at >= 0)
            packet.Payload[at] = (byte)letter;
        return Verdict.Pass;
    });
}
