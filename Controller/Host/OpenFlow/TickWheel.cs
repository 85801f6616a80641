namespace NetServ.Controller.OpenFlow;

/// <summary>Spreads the ticks of all connections over a period, so that no turn pays for all of them.</summary>
internal sealed class TickWheel
{
    private const int Period = 512;
    private const int Slots = 16;
    private const int Step = Period / Slots;

    private readonly List<SwitchConnection>[] _slots = [.. Enumerable.Range(0, Slots).Select(_ => new List<SwitchConnection>())];
    private int _count;
    private int _at;
    private long _next;

    public void Add(SwitchConnection connection)
    {
        List<SwitchConnection> slot = SlotOf(connection);
        connection.WheelIndex = slot.Count;
        slot.Add(connection);
        _count++;
    }

    public void Remove(SwitchConnection connection)
    {
        List<SwitchConnection> slot = SlotOf(connection);
        slot[connection.WheelIndex] = slot[^1];
        slot[connection.WheelIndex].WheelIndex = connection.WheelIndex;
        slot.RemoveAt(slot.Count - 1);
        _count--;
    }

    /// <summary>Milliseconds until somebody's tick is due.</summary>
    public int WaitFrom(long now) => _count == 0 ? Period : (int)Math.Clamp(_next - now, 0, Step);

    /// <summary>The connections whose tick is due, once around after a long pause; false if it is too early for any.</summary>
    public bool TryTake(long now, out List<SwitchConnection> due)
    {
        due = _slots[_at];
        if (now < _next)
            return false;
        _next = Math.Max(_next + Step, now - Period + 1);
        _at = (_at + 1) % Slots;
        return true;
    }

    private List<SwitchConnection> SlotOf(SwitchConnection connection) => _slots[(int)(connection.Id % Slots)];
}
