using NetServ.Emulation.Switch.Forwarding;
using NetServ.Emulation.Switch.Profiles;

namespace NetServ.Emulation.Switch;

public sealed partial class EmulatedSwitch
{
    private HardwareTable? _hardware;
    private PacketInCap? _packetInCap;

    /// <summary>Whether what forwards is not yet what the agent has.</summary>
    public bool IsBehind => _hardware?.IsBehind == true;

    /// <summary>When a barrier that comes now is answered; null for at once.</summary>
    internal TimeSpan? BarrierDue() => _hardware?.BarrierDue() is { } due && due > _hardware.Now ? due : null;

    private void Obey(SwitchProfile? profile)
    {
        if (profile is null)
            return;
        _table.Hardware = _hardware = new HardwareTable(_table, profile, _options.ProfileSeed);
        _packetInCap = profile.PacketInsPerSecond is { } rate ? new PacketInCap(rate) : null;
        if (profile.CounterInterval is not null)
            ReadCounters();
    }

    private void AdvanceHardware(TimeSpan now)
    {
        if (_hardware?.Advance(now) == true)
            ReadCounters();
    }

    private void ReadCounters()
    {
        _table.ReadCounters();
        foreach (SwitchPort port in _ports.Ordered)
            port.ReadCounters();
    }

    // A frame too many is not kept either.
    private bool IsCapped(TimeSpan now)
    {
        if (_packetInCap?.TryTake(now) != false)
            return false;
        PacketInsDropped++;
        return true;
    }
}
