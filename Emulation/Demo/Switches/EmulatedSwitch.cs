using System.Net;
using NetServ.Demo.Processes;

namespace NetServ.Demo.Switches;

/// <summary>The project's own OpenFlow 1.0 switch.</summary>
internal sealed class EmulatedSwitch(ChildProcess process, WorkFolder folder) : ISwitch
{
    /// <inheritdoc/>
    public string Kind => "emulated";

    /// <summary>Starts it.</summary>
    public static EmulatedSwitch Start(Programs programs, WorkFolder folder, IPEndPoint controller, IEnumerable<ushort> ports)
    {
        IEnumerable<string> portArguments = ports.SelectMany(p => new[] { "--port", $"{p}=unix-listen:{SocketIn(folder, p)}" });
        return new EmulatedSwitch(
            programs.Start("switch", "NetServ.SwitchHost", ["--dpid", "1", "--controller", $"tcp:{controller}", .. portArguments]), folder);
    }

    /// <inheritdoc/>
    public string SocketOf(ushort port) => SocketIn(folder, port);

    /// <inheritdoc/>
    public Task<PortDump?> DumpPortsAsync(CancellationToken stop) => Task.FromResult<PortDump?>(null);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => process.DisposeAsync();

    private static string SocketIn(WorkFolder folder, ushort port) => folder.At($"s{port}");
}
