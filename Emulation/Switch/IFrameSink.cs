namespace NetServ.Emulation.Switch;

/// <summary>Where frames go that leave the switch.</summary>
public interface IFrameSink
{
    /// <summary>
    /// Sends <paramref name="frame"/> out of <paramref name="port"/>. The span is good for the length of the call; the switch may not be called
    /// from within it.
    /// </summary>
    void Send(ushort port, ReadOnlySpan<byte> frame);
}
