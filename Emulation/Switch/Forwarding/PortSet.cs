using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace NetServ.Emulation.Switch.Forwarding;

/// <summary>The ports by number, and in the order of their numbers.</summary>
internal sealed class PortSet
{
    private readonly Dictionary<ushort, SwitchPort> _byNumber = [];
    private readonly List<SwitchPort> _ordered = [];

    /// <summary>Lowest number first.</summary>
    public ReadOnlySpan<SwitchPort> Ordered => CollectionsMarshal.AsSpan(_ordered);

    public int Count => _ordered.Count;

    public bool TryFind(ushort number, [NotNullWhen(true)] out SwitchPort? port) => _byNumber.TryGetValue(number, out port);

    public bool AnyHasQueue(uint id)
    {
        foreach (SwitchPort port in _ordered)
            if (port.FindQueue(id) is not null)
                return true;
        return false;
    }

    /// <summary>Adds a port whose number is new.</summary>
    public void Add(SwitchPort port)
    {
        _byNumber.Add(port.Number, port);
        int at = _ordered.FindIndex(p => p.Number > port.Number);
        _ordered.Insert(at < 0 ? _ordered.Count : at, port);
    }

    public void Remove(SwitchPort port)
    {
        _byNumber.Remove(port.Number);
        _ordered.Remove(port);
    }
}
