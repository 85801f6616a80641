using System.Runtime.InteropServices;

namespace NetServ.Controller.OpenFlow;

/// <summary>The system calls that have no counterpart in the class library.</summary>
internal static class Libc
{
    internal const int EpollCloseOnExec = 0x80000;
    internal const int EpollAdd = 1;
    internal const int EpollDelete = 2;
    internal const int EpollModify = 3;
    internal const uint EpollIn = 0x1;
    internal const uint EpollOut = 0x4;
    internal const uint EpollError = 0x8;
    internal const uint EpollHangUp = 0x10;

    internal const int UnixDomain = 1;
    internal const int StreamCloseOnExec = 0x80001;

    [DllImport("libc", EntryPoint = "epoll_create1", SetLastError = true)]
    internal static extern int EpollCreate(int flags);

    [DllImport("libc", EntryPoint = "epoll_ctl", SetLastError = true)]
    internal static extern int EpollControl(SafeHandle epoll, int operation, SafeHandle descriptor, byte[] wanted);

    [DllImport("libc", EntryPoint = "epoll_wait", SetLastError = true)]
    internal static extern int EpollWait(SafeHandle epoll, [Out] byte[] events, int count, int milliseconds);

    [DllImport("libc", EntryPoint = "socketpair", SetLastError = true)]
    internal static extern int SocketPair(int domain, int type, int protocol, [Out] int[] descriptors);
}
