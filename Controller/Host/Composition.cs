using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging.Console;
using NetServ.Controller.Configuration;
using NetServ.Controller.Core;
using NetServ.Controller.Core.Admission;
using NetServ.Controller.Core.Store;
using NetServ.Controller.Decisions;
using NetServ.Controller.Inspecting;
using NetServ.Controller.OpenFlow;
using NetServ.Controller.Store;

namespace NetServ.Controller;

/// <summary>The parts and how they hang together, one method a subsystem.</summary>
internal static class Composition
{
    private const int ProbeKeySize = 32;

    /// <summary>Core, its loop, and those who do what it wants.</summary>
    public static IServiceCollection AddDecisions(this IServiceCollection services) => services
        .AddSingleton(p => new AdmissionControl(
            DirectoryOf(p.GetRequiredService<ControllerOptions>()), new AdmissionLimits(), p.GetRequiredService<TimeProvider>().GetUtcNow()))
        .AddSingleton(p => new ControllerCore(p.GetRequiredService<ControllerOptions>().Core, p.GetRequiredService<AdmissionControl>()))
        .AddSingleton<IRecordStore>(p => p.GetRequiredService<ControllerOptions>().Store is { } path ? SqliteStore.Open(path) : new MemoryStore())
        .AddSingleton<NodeStreams>()
        .AddSingleton<PendingRequests>()
        .AddSingleton<EventHub>()
        .AddSingleton<EffectDispatcher>()
        .AddSingleton<CoreLoop>();

    /// <summary>The OpenFlow side.</summary>
    public static IServiceCollection AddSwitches(this IServiceCollection services) => services
        .AddSingleton<SwitchReporter>()
        .AddSingleton<FlowCounter>()
        .AddSingleton<RuleReader>()
        .AddSingleton<Inspector>()
        .AddSingleton(p => new SwitchLoop(
            p.GetRequiredService<ControllerOptions>().OpenFlow,
            p.GetRequiredService<ControllerOptions>().Channel,
            p.GetRequiredService<ControllerOptions>().Session with { ProbeKey = [.. RandomNumberGenerator.GetBytes(ProbeKeySize)] },
            p.GetRequiredService<SwitchReporter>(),
            p.GetRequiredService<TimeProvider>()));

    /// <summary>To standard error, one line an event; standard output has the ready line alone.</summary>
    public static void AddStderr(this ILoggingBuilder logging)
    {
        logging.ClearProviders();
        logging.AddFilter("Microsoft", LogLevel.Warning);
        logging.AddFilter("Grpc", LogLevel.Warning);
        logging.AddFilter("Microsoft.Hosting", LogLevel.None);
        logging.AddFilter("Microsoft.Extensions.Hosting", LogLevel.None);
        logging.AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.TimestampFormat = "HH:mm:ss.fff ";
        });
        logging.Services.Configure<ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
    }

    /// <summary>Ties the loops to each other and starts them.</summary>
    /// <exception cref="EndpointException">An OpenFlow address cannot be listened on.</exception>
    /// <exception cref="StoreException">The store cannot be used.</exception>
    public static async Task StartSwitchesAsync(this IServiceProvider services)
    {
        SwitchLoop loop = services.GetRequiredService<SwitchLoop>();
        services.GetRequiredService<EffectDispatcher>().Switches = loop;
        CoreLoop core = services.GetRequiredService<CoreLoop>();
        core.Start();
        // No switch is spoken to before what was kept is in force, or its rules would be taken for wrong ones.
        ImmutableArray<StoreRecord> kept = [.. services.GetRequiredService<IRecordStore>().List(Records.PrefixOf(services.GetRequiredService<ControllerOptions>().Core.Domain))];
        core.Tell(new CoreInput.Restored(kept, services.GetRequiredService<TimeProvider>().GetUtcNow()));
        await core.InspectAsync(_ => true);
        loop.Start();
        services.GetRequiredService<FlowCounter>().Start();
    }

    private static UserDirectory DirectoryOf(ControllerOptions options) =>
        UserDirectory.TryCreate(options.Users, out UserDirectory? users, out IReadOnlyList<string> faults)
            ? users
            : throw new ArgumentException(string.Join(" ", faults), nameof(options));
}
