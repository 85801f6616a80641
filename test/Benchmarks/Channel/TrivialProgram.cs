using System.Globalization;
using System.Runtime.InteropServices;

namespace NetServ.Benchmarks.Channel;

/// <summary>The trivial controller as a program: what the generator of load reaches against it is the most that it can show of any other.</summary>
internal static class TrivialProgram
{
    /// <summary>Listens at the given port until SIGTERM or SIGINT.</summary>
    public static int Run(string[] arguments)
    {
        if (arguments.Length != 1 || !ushort.TryParse(arguments[0], NumberStyles.None, CultureInfo.InvariantCulture, out ushort port))
        {
            Console.Error.WriteLine("usage: benchmarks trivial PORT");
            return 2;
        }
        using ManualResetEventSlim stop = new();
        using PosixSignalRegistration term = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using TrivialController controller = new(new TrivialManners(), port);
        Console.Out.WriteLine($"ready at {controller.EndPoint}");
        stop.Wait();
        return 0;

        void Stop(PosixSignalContext context)
        {
            context.Cancel = true;
            stop.Set();
        }
    }
}
