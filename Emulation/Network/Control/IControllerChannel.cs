using System.Buffers;

namespace NetServ.Emulation;

/// <summary>
/// The controller's end of one OpenFlow connection, without a socket: bytes and time come in, bytes go to the writer that is handed over. Times
/// are those of the network's <see cref="VirtualClock"/>, since its start.
/// </summary>
public interface IControllerChannel
{
    /// <summary>When <see cref="OnTick"/> shall be called; null when never. It is asked after every other call.</summary>
    TimeSpan? NextDeadline { get; }

    /// <summary>The connection is there.</summary>
    void OnConnected(TimeSpan now, IBufferWriter<byte> output);

    /// <summary>Bytes of the switch, cut anywhere.</summary>
    void OnBytes(ReadOnlySpan<byte> bytes, TimeSpan now, IBufferWriter<byte> output);

    /// <summary>The deadline has come.</summary>
    void OnTick(TimeSpan now, IBufferWriter<byte> output);

    /// <summary>The connection is gone.</summary>
    void OnDisconnected(TimeSpan now);
}
