using NetServ.Emulation.Switch.Forwarding;
using NetServ.OpenFlow;

namespace NetServ.Emulation.Switch;

public sealed partial class EmulatedSwitch
{
    /// <summary>The ports as a controller sees them, lowest number first.</summary>
    public IReadOnlyList<PhyPort> Ports
    {
        get
        {
            List<PhyPort> list = [];
            foreach (SwitchPort port in _ports.Ordered)
                list.Add(port.Describe());
            return list;
        }
    }

    /// <summary>The counters of a port; null when there is no such port.</summary>
    public PortStats? StatisticsOf(ushort port) => _ports.TryFind(port, out SwitchPort? found) ? found.Statistics() : null;

    /// <summary>The link of a port came up or went down; every controller hears of a change.</summary>
    public void SetLink(ushort port, bool up)
    {
        if (!_ports.TryFind(port, out SwitchPort? found) || found.LinkUp == up)
            return;
        found.LinkUp = up;
        if (!up)
            _learning.ForgetPort(port);
        TellPort(found, PortStatusReason.Modify);
    }

    /// <summary>
    /// Corrects what a port has sent by what its wire counted since the start: frames that it took (with those handed to the
    /// <see cref="IFrameSink"/> that are still on their way), their bytes, and frames that it did not take.
    /// </summary>
    public void CorrectSent(ushort port, ulong packets, ulong bytes, ulong errors)
    {
        if (_ports.TryFind(port, out SwitchPort? found))
            found.CorrectSent(packets, bytes, errors);
    }

    /// <summary>Adds a port.</summary>
    /// <exception cref="ArgumentException">There is one of that number.</exception>
    public void AddPort(PortOptions options)
    {
        SwitchPort port = new(options);
        _ports.Add(port);
        TellPort(port, PortStatusReason.Add);
    }

    /// <summary>Removes a port; false when there is none of that number.</summary>
    public bool RemovePort(ushort number)
    {
        if (!_ports.TryFind(number, out SwitchPort? port))
            return false;
        _ports.Remove(port);
        _learning.ForgetPort(number);
        TellPort(port, PortStatusReason.Delete);
        return true;
    }

    /// <summary>PORT_MOD (OpenFlow 1.0.0 section 5.3.4); null, or the error to answer.</summary>
    internal ErrorCode? Apply(in PortMod mod)
    {
        if (!_ports.TryFind(mod.PortNumber, out SwitchPort? port))
            return ErrorCode.PortModFailedBadPort;
        if (port.Address != mod.HardwareAddress)
            return ErrorCode.PortModFailedBadHwAddr;
        if (port.Configure(mod))
            TellPort(port, PortStatusReason.Modify);
        return null;
    }

    private void TellPort(SwitchPort port, PortStatusReason reason)
    {
        foreach (SwitchConnection connection in _connections)
            connection.TellPortStatus(port.Describe(), reason);
    }
}
