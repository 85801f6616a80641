using System.Runtime.InteropServices;

namespace NetServ.Benchmarks;

/// <summary>Processor time of the calling thread: what other programs on the machine do is not in it.</summary>
internal static class ThreadTime
{
    private const int ThreadProcessorTime = 3;

    /// <summary>So far, in nanoseconds.</summary>
    public static long Nanoseconds
    {
        get
        {
            if (GetTime(ThreadProcessorTime, out TimeSpec time) != 0)
                throw new PlatformNotSupportedException("this system does not tell a thread's processor time");
            return time.Seconds * 1_000_000_000 + time.Nanoseconds;
        }
    }

    [DllImport("libc", EntryPoint = "clock_gettime")]
    private static extern int GetTime(int clock, out TimeSpec time);

    [StructLayout(LayoutKind.Sequential)]
    private struct TimeSpec
    {
        public long Seconds;
        public long Nanoseconds;
    }
}
