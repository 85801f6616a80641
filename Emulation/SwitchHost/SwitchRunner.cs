using System.Net.Sockets;
using System.Runtime.InteropServices;
using NetServ.Emulation.Switch;
using NetServ.Ports;
using NetServ.SwitchHost.Control;
using NetServ.SwitchHost.DataPath;
using NetServ.SwitchHost.Options;

namespace NetServ.SwitchHost;

/// <summary>Puts a switch together from its options and runs it until SIGTERM or SIGINT.</summary>
internal static class SwitchRunner
{
    // A peer that does not read holds up everybody else for no longer than this.
    private static readonly TimeSpan s_sendWait = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan s_keepalive = TimeSpan.FromSeconds(10);

    /// <summary>Returns the exit code: 0 after a signal, 2 when a port or address cannot be used.</summary>
    public static int Run(SwitchHostOptions options, Action<string> say, Action<string> complain)
    {
        Dictionary<ushort, IPort> ports = [];
        List<(Socket Socket, string Name)> listeners = [];
        List<string> faults = [.. OpenPorts(options, ports), .. OpenListeners(options, listeners)];
        foreach (string fault in faults)
            complain(fault);
        try
        {
            if (faults.Count > 0)
                return 2;
            Serve(options, ports, listeners, say);
            return 0;
        }
        finally
        {
            foreach (IPort port in ports.Values)
                port.Dispose();
            foreach ((Socket socket, string _) in listeners)
                socket.Dispose();
            foreach (ControlAddress address in options.Listeners.Where(a => a.Path is not null && faults.Count == 0))
                File.Delete(address.Path!);
        }
    }

    private static void Serve(SwitchHostOptions options, Dictionary<ushort, IPort> ports, List<(Socket Socket, string Name)> listeners, Action<string> say)
    {
        using CancellationTokenSource stop = new();
        using PosixSignalRegistration term = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        SharedSwitch shared = new(SwitchOf(options), ports);
        using ControlLoop control = new(shared, listeners, say);
        shared.LinkChanged += control.Wake;
        List<PortPump> pumps = [.. ports.Select(p => new PortPump(shared, control, p.Key, p.Value))];
        pumps.ForEach(pump => pump.Start());
        List<ControllerDialer> dialers = [.. options.Controllers.Select(address => new ControllerDialer(address, control.Add, say, stop.Token))];
        dialers.ForEach(dialer => dialer.Start());
        say($"switch 0x{options.DatapathId:x16} with {ports.Count} ports is ready");
        control.Run(stop.Token);
        foreach (IPort port in ports.Values)
            port.Dispose();
        pumps.ForEach(pump => pump.Join());

        void Stop(PosixSignalContext context)
        {
            context.Cancel = true;
            stop.Cancel();
        }
    }

    private static SwitchOptions SwitchOf(SwitchHostOptions options) => new()
    {
        DatapathId = options.DatapathId,
        Ports = [.. options.Ports.Select(p => PortOptions.Of(options.DatapathId, p.Number) with { Queues = p.Queues })],
        Buffers = options.Buffers,
        TableSize = options.TableSize,
        OnChannelLoss = options.OnChannelLoss,
        ChannelLossPatience = options.ChannelLossPatience,
        Keepalive = s_keepalive,
        Profile = options.Worse?.Profile,
        ProfileSeed = options.Worse?.Seed ?? 0,
    };

    private static List<string> OpenPorts(SwitchHostOptions options, Dictionary<ushort, IPort> ports)
    {
        List<string> faults = [];
        foreach ((ushort number, PortSpec spec, _) in options.Ports)
        {
            try
            {
                ports.Add(number, PortFactory.Open(spec, sendWait: s_sendWait));
            }
            catch (PortException e)
            {
                faults.Add($"--port {number}: {e.Message}");
            }
        }
        return faults;
    }

    private static List<string> OpenListeners(SwitchHostOptions options, List<(Socket Socket, string Name)> listeners)
    {
        List<string> faults = [];
        foreach (ControlAddress address in options.Listeners)
        {
            try
            {
                listeners.Add((address.Listen(), address.ToString()));
            }
            catch (SocketException e)
            {
                faults.Add($"--listen {address}: {e.Message}; choose another address or stop what uses it");
            }
        }
        return faults;
    }
}
