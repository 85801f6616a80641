using System.ComponentModel;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace NetServ.Controller.OpenFlow.Polling;

/// <summary>epoll, level-triggered: a turn costs what is ready, whatever the number of connections.</summary>
internal sealed class EpollPoller : IPoller
{
    private const int MaxReady = 256;

    // struct epoll_event: packed on x86 alone (<sys/epoll.h>).
    private static readonly int s_eventSize = RuntimeInformation.ProcessArchitecture is Architecture.X64 or Architecture.X86 ? 12 : 16;
    private static readonly int s_dataAt = s_eventSize - 8;

    private readonly SafeFileHandle _epoll;
    private readonly byte[] _events = new byte[MaxReady * s_eventSize];
    private readonly byte[] _wanted = new byte[s_eventSize];
    private readonly Readiness[] _ready = new Readiness[MaxReady];

    public EpollPoller()
    {
        int descriptor = Libc.EpollCreate(Libc.EpollCloseOnExec);
        if (descriptor < 0)
            throw new Win32Exception(Marshal.GetLastPInvokeError());
        _epoll = new SafeFileHandle(descriptor, ownsHandle: true);
    }

    public void Add(Socket socket, long token) => Control(Libc.EpollAdd, socket, token, Libc.EpollIn);

    public void Change(Socket socket, long token, bool read, bool write) =>
        Control(Libc.EpollModify, socket, token, (read ? Libc.EpollIn : 0) | (write ? Libc.EpollOut : 0));

    public void Remove(Socket socket, long token) => Control(Libc.EpollDelete, socket, token, 0);

    public ReadOnlySpan<Readiness> Wait(int milliseconds)
    {
        int count = Libc.EpollWait(_epoll, _events, MaxReady, milliseconds);
        // Interrupted by a signal: nothing is ready yet.
        for (int i = 0; i < count; i++)
            _ready[i] = Read(_events.AsSpan(i * s_eventSize, s_eventSize));
        return _ready.AsSpan(0, Math.Max(count, 0));
    }

    public void Dispose() => _epoll.Dispose();

    // The structure is in the machine's own byte order.
    private static Readiness Read(ReadOnlySpan<byte> found)
    {
        uint events = MemoryMarshal.Read<uint>(found);
        bool broken = (events & (Libc.EpollError | Libc.EpollHangUp)) != 0;
        return new Readiness(MemoryMarshal.Read<long>(found[s_dataAt..]), (events & Libc.EpollIn) != 0, (events & Libc.EpollOut) != 0, broken);
    }

    private void Control(int operation, Socket socket, long token, uint events)
    {
        MemoryMarshal.Write(_wanted, events);
        MemoryMarshal.Write(_wanted.AsSpan(s_dataAt), token);
        if (Libc.EpollControl(_epoll, operation, socket.SafeHandle, _wanted) != 0)
            throw new Win32Exception(Marshal.GetLastPInvokeError());
    }
}
