using System.Runtime.InteropServices;

namespace NetServ.Ports;

/// <summary>The system calls that have no counterpart in the class library.</summary>
internal static class Libc
{
    [DllImport("libc", EntryPoint = "recvmmsg", SetLastError = true)]
    internal static extern int ReceiveMessages(SafeHandle socket, nint messages, uint count, int flags, nint timeout);

    [DllImport("libc", EntryPoint = "sendmmsg", SetLastError = true)]
    internal static extern int SendMessages(SafeHandle socket, nint messages, uint count, int flags);

    [DllImport("libc", EntryPoint = "if_nametoindex", SetLastError = true)]
    internal static extern uint InterfaceIndex([MarshalAs(UnmanagedType.LPUTF8Str)] string name);

    [DllImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    internal static extern int InterfaceControl(SafeHandle socket, nuint request, byte[] interfaceRequest);

    [DllImport("libc", EntryPoint = "poll", SetLastError = true)]
    internal static extern int Poll(ref PollDescriptor descriptor, nuint count, int milliseconds);

    /// <summary>struct pollfd.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct PollDescriptor
    {
        internal const short In = 1;
        internal const short Out = 4;

        internal int Descriptor;
        internal short Events;
        internal short ReturnedEvents;
    }
}
