using System.Buffers;
using NetServ.Emulation;

namespace NetServ.Benchmarks.Simulation;

/// <summary>Processor time that the controller's own work takes, among all else that the same thread simulates.</summary>
internal sealed class ControllerTime
{
    private long _nanoseconds;

    /// <summary>So far.</summary>
    public TimeSpan Total => TimeSpan.FromMicroseconds(_nanoseconds / 1e3);

    /// <summary>Does a piece of work.</summary>
    public void Do(Action work)
    {
        long start = ThreadTime.Nanoseconds;
        work();
        _nanoseconds += ThreadTime.Nanoseconds - start;
    }

    /// <summary>The same channel with its work counted.</summary>
    public IControllerChannel Around(IControllerChannel channel) => new Channel(this, channel);

    private sealed class Channel(ControllerTime owner, IControllerChannel inner) : IControllerChannel
    {
        public TimeSpan? NextDeadline => inner.NextDeadline;

        public void OnConnected(TimeSpan now, IBufferWriter<byte> output) => owner.Do(() => inner.OnConnected(now, output));

        public void OnBytes(ReadOnlySpan<byte> bytes, TimeSpan now, IBufferWriter<byte> output)
        {
            long start = ThreadTime.Nanoseconds;
            inner.OnBytes(bytes, now, output);
            owner._nanoseconds += ThreadTime.Nanoseconds - start;
        }

        public void OnTick(TimeSpan now, IBufferWriter<byte> output) => owner.Do(() => inner.OnTick(now, output));

        public void OnDisconnected(TimeSpan now) => inner.OnDisconnected(now);
    }
}
