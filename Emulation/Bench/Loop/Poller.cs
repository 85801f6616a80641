using System.Buffers.Binary;
using System.ComponentModel;
using System.Runtime.InteropServices;

namespace NetServ.Bench.Loop;

/// <summary>epoll over sockets that go by a number: tells which are readable or writable, for as long as they are.</summary>
internal sealed class Poller : IDisposable
{
    private const int Add = 1, Delete = 2, Modify = 3;
    private const uint In = 1, Out = 4;
    private const int MaxReady = 256;

    // struct epoll_event is packed on x86-64 alone.
    private static readonly int s_dataAt = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 4 : 8;
    private static readonly int s_size = s_dataAt + 8;

    private readonly int _epoll;
    private readonly byte[] _what = new byte[s_size];
    private readonly byte[] _ready = new byte[MaxReady * s_size];

    /// <summary>Watches nothing yet.</summary>
    public Poller()
    {
        _epoll = Libc.EpollCreate(0);
        if (_epoll < 0)
            throw new Win32Exception(Marshal.GetLastPInvokeError());
    }

    /// <summary>Begins to watch a socket.</summary>
    public void Watch(SafeHandle socket, int number, bool forWriting) => Control(Add, socket, number, forWriting);

    /// <summary>Says whether writability is of interest from now on.</summary>
    public void Change(SafeHandle socket, int number, bool forWriting) => Control(Modify, socket, number, forWriting);

    /// <summary>Watches a socket no more.</summary>
    public void Forget(SafeHandle socket, int number) => Control(Delete, socket, number, false);

    /// <summary>Waits; returns how many are ready, to be asked for by <see cref="Ready"/>.</summary>
    public int Wait(int milliseconds) => Math.Max(0, Libc.EpollWait(_epoll, _ready, MaxReady, milliseconds));

    /// <summary>One of those that are ready. A broken connection is both, so that its end is seen.</summary>
    public (int Number, bool Readable, bool Writable) Ready(int index)
    {
        ReadOnlySpan<byte> at = _ready.AsSpan(index * s_size, s_size);
        uint events = MemoryMarshal.Read<uint>(at);
        return (MemoryMarshal.Read<int>(at[s_dataAt..]), (events & ~Out) != 0, (events & ~In) != 0);
    }

    /// <inheritdoc/>
    public void Dispose() => _ = Libc.Close(_epoll);

    private void Control(int operation, SafeHandle socket, int number, bool forWriting)
    {
        uint events = In | (forWriting ? Out : 0);
        MemoryMarshal.Write(_what, events);
        MemoryMarshal.Write(_what.AsSpan(s_dataAt), number);
        if (Libc.EpollControl(_epoll, operation, socket, _what) < 0)
            throw new Win32Exception(Marshal.GetLastPInvokeError());
    }
}
