using System.Runtime.InteropServices;

namespace NetServ.Bench.Loop;

/// <summary>The system calls that have no counterpart in the class library, or one that throws where nothing is wrong.</summary>
internal static class Libc
{
    internal const int InProgress = 115;

    [DllImport("libc", EntryPoint = "epoll_create1", SetLastError = true)]
    internal static extern int EpollCreate(int flags);

    [DllImport("libc", EntryPoint = "epoll_ctl", SetLastError = true)]
    internal static extern int EpollControl(int epoll, int operation, SafeHandle descriptor, byte[] what);

    [DllImport("libc", EntryPoint = "epoll_wait", SetLastError = true)]
    internal static extern int EpollWait(int epoll, byte[] ready, int count, int milliseconds);

    [DllImport("libc", EntryPoint = "close", SetLastError = true)]
    internal static extern int Close(int descriptor);

    [DllImport("libc", EntryPoint = "connect", SetLastError = true)]
    internal static extern int Connect(SafeHandle socket, byte[] address, uint length);

    [DllImport("libc", EntryPoint = "sched_setaffinity", SetLastError = true)]
    internal static extern int SetAffinity(int thread, nuint length, byte[] mask);
}
