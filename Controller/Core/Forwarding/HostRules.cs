using System.Runtime.InteropServices;
using NetServ.Controller.Core.Sessions;
using NetServ.Controller.Core.Steering;
using NetServ.OpenFlow;

namespace NetServ.Controller.Core.Forwarding;

/// <summary>
/// Which rules of one switch lead to or come from a host, so that one that moves costs its own rules and not all: each rule is in the list of its
/// destination and in that of its source. A place in one array for each rule, nothing allocated for a host.
/// </summary>
public sealed class HostRules(HostHolders holders, SwitchState holder)
{
    private const int FirstSize = 16;

    private readonly Dictionary<HostKey, (int To, int From)> _heads = [];

    // Place 0 is none's; the free ones are a list as well.
    private Place[] _places = [];
    private int _used;
    private int _free;

    /// <summary>Adds the rules of a host to a list.</summary>
    public void CopyTo(HostKey host, List<RuleKey> rules)
    {
        if (!_heads.TryGetValue(host, out (int To, int From) heads))
            return;
        for (int i = heads.To; i != 0; i = _places[i].To.Next)
            rules.Add(_places[i].Key);
        for (int i = heads.From; i != 0; i = _places[i].From.Next)
            rules.Add(_places[i].Key);
    }

    /// <summary>Tells nobody any more that there are rules here: the session is over.</summary>
    internal void Discard()
    {
        foreach (HostKey host in _heads.Keys)
            holders.Remove(host, holder);
        _heads.Clear();
        (_places, _used, _free) = ([], 0, 0);
    }

    /// <summary>Takes a rule in; returns its place, 0 if it is no host's.</summary>
    internal int Add(in RuleKey key, RuleKind kind, ushort vlan)
    {
        if (kind is not (RuleKind.Forwarding or RuleKind.Return or RuleKind.Steering or RuleKind.Bypass or RuleKind.Chain or RuleKind.Transit))
            return 0;
        int index = TakePlace();
        _places[index] = new Place { Key = key, Vlan = vlan };
        Link(index, new HostKey(key.Match.DlDst, vlan), isTo: true);
        if (HasSource(kind))
            Link(index, new HostKey(key.Match.DlSrc, vlan), isTo: false);
        return index;
    }

    internal void Remove(int index, RuleKind kind)
    {
        if (index == 0 || _places.Length == 0)
            return;
        (Match match, ushort vlan) = (_places[index].Key.Match, _places[index].Vlan);
        Unlink(index, new HostKey(match.DlDst, vlan), isTo: true);
        if (HasSource(kind))
            Unlink(index, new HostKey(match.DlSrc, vlan), isTo: false);
        _places[index] = new Place { To = (_free, 0) };
        _free = index;
    }

    private static bool HasSource(RuleKind kind) => kind is not (RuleKind.Return or RuleKind.Transit);

    private int TakePlace()
    {
        if (_free != 0)
        {
            int index = _free;
            _free = _places[index].To.Next;
            return index;
        }
        if (++_used >= _places.Length)
            Array.Resize(ref _places, Math.Max(FirstSize, _places.Length * 2));
        return _used;
    }

    private void Link(int index, HostKey host, bool isTo)
    {
        ref (int To, int From) heads = ref CollectionsMarshal.GetValueRefOrAddDefault(_heads, host, out bool known);
        if (!known)
            holders.Add(host, holder);
        ref int head = ref isTo ? ref heads.To : ref heads.From;
        LinksOf(index, isTo) = (head, 0);
        if (head != 0)
            LinksOf(head, isTo).Before = index;
        head = index;
    }

    private void Unlink(int index, HostKey host, bool isTo)
    {
        (int next, int before) = LinksOf(index, isTo);
        if (next != 0)
            LinksOf(next, isTo).Before = before;
        if (before != 0)
        {
            LinksOf(before, isTo).Next = next;
            return;
        }
        ref (int To, int From) heads = ref CollectionsMarshal.GetValueRefOrAddDefault(_heads, host, out _);
        (isTo ? ref heads.To : ref heads.From) = next;
        if (heads != (0, 0))
            return;
        _heads.Remove(host);
        holders.Remove(host, holder);
    }

    private ref (int Next, int Before) LinksOf(int index, bool isTo) => ref isTo ? ref _places[index].To : ref _places[index].From;

    private struct Place
    {
        public RuleKey Key;
        public ushort Vlan;
        public (int Next, int Before) To;
        public (int Next, int Before) From;
    }
}
