using NetServ.Emulation.Switch.Table;
using NetServ.OpenFlow;

namespace NetServ.Emulation.Switch;

public sealed partial class EmulatedSwitch
{
    /// <summary>Whether the switch is without a controller and does what <see cref="SwitchOptions.OnChannelLoss"/> says.</summary>
    public bool IsAlone => _channel.IsLost;

    internal void ControllerUp()
    {
        _channel.CameUp();
        ObeyChannel();
    }

    internal void ControllerDown() => _channel.WentDown();

    private void LookAtChannel(TimeSpan now)
    {
        if (!_channel.Look(now))
            return;
        if (_emergency is not null)
            foreach (FlowEntry entry in _table.RemoveAll())
                TellRemoved(entry, FlowRemovedReason.Delete, now);
        ObeyChannel();
    }

    private void ObeyChannel()
    {
        _dataPath.Table = _channel.IsLost && _emergency is not null ? _emergency : _table;
        _dataPath.MissesAreNormal = _channel.IsLost && _options.OnChannelLoss == ChannelLoss.Standalone;
    }
}
