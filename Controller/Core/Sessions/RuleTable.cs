using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using NetServ.Controller.Core.Forwarding;
using NetServ.Controller.Core.Placement;
using NetServ.Controller.Core.Steering;
using NetServ.OpenFlow;

namespace NetServ.Controller.Core.Sessions;

/// <summary>
/// The rules of ours that a switch has as far as we know, and the only place that adds or deletes one. OpenFlow 1.0 cannot delete by cookie,
/// and a loose delete takes strangers' rules along: each goes by DELETE_STRICT.
/// </summary>
public sealed class RuleTable
{
    private const int MaxStrangers = 4096;
    private const int MaxDeleting = 1 << 16;
    private const int DeletedWithin = 5000;
    private const int SaidAgainAtOnce = 10_000;

    private readonly SwitchWriter _writer;
    private readonly FlowPins _pins;
    private readonly SwitchSessionOptions _options;
    private readonly Dictionary<RuleKey, Rule> _rules = [];
    private readonly Dictionary<RuleKey, (int Count, long Sent)> _deleting = [];
    private Dictionary<RuleKey, ulong> _strangers = [];
    private readonly HashSet<RuleKey> _refused = [];
    private readonly int[] _ofKind = new int[(int)RuleKind.PartitionCatch + 1];
    private readonly Action<string> _alarm;
    private readonly Func<ushort, ushort> _vlanOfTag;
    private readonly SoonChanged _soonChanged = new();
    private long _heldBackUntil;
    private bool _toldFull;

    /// <summary>An empty table.</summary>
    public RuleTable(SwitchWriter writer, FlowPins pins, SwitchSessionOptions options, HostRules hosts, Action<string> alarm, Func<ushort, ushort> vlanOfTag)
    {
        _writer = writer;
        _pins = pins;
        _options = options;
        Hosts = hosts;
        _alarm = alarm;
        _vlanOfTag = vlanOfTag;
    }

    /// <summary>All of them.</summary>
    public IReadOnlyDictionary<RuleKey, Rule> All => _rules;

    /// <summary>Goes through them without a box or a call through an interface for each.</summary>
    public Dictionary<RuleKey, Rule>.Enumerator GetEnumerator() => _rules.GetEnumerator();

    /// <summary>Whether there are as many as there may be.</summary>
    public bool IsFull => _rules.Count >= _options.MaxRules;

    /// <summary>Those of each host.</summary>
    public HostRules Hosts { get; }

    /// <summary>Grows whenever a rule is gone or leads elsewhere: what was decided by its being there is void.</summary>
    public uint Epoch { get; private set; }

    /// <summary>How many of a kind are among them.</summary>
    public int CountOf(RuleKind kind) => _ofKind[(int)kind];

    /// <summary>Whether an earlier session left reactive ones: they tell where hosts are.</summary>
    public bool HasAdoptedReactive { get; private set; }

    /// <summary>What may be added: nothing before we know what is there, durable rules next, all after the first barrier.</summary>
    public RuleGate Gate { get; set; }

    /// <summary>Whether changes are noted in <see cref="Touched"/>: while an audit reads the switch's table.</summary>
    public bool IsAudited { get; private set; }

    /// <summary>Keys that were added, changed or deleted since the audit began.</summary>
    public HashSet<RuleKey> Touched { get; } = [];

    /// <summary>After a clean nothing is installed any more.</summary>
    public bool IsQuiet { get; set; }

    /// <summary>
    /// Makes sure that a rule is there. One that is there with the same output and owner and was sent a moment ago is not sent again: the
    /// packets that still come up were on their way. Where they come up again and again the switch does not take the rule, and each time it is
    /// left alone for twice as long.
    /// </summary>
    /// <returns>Until when it is not sent again, milliseconds; 0 if the rule is not there.</returns>
    public long Ensure(RuleKind kind, in Match match, uint owner, RuleAction action, ushort idleSeconds, long now)
    {
        const int MostDoublings = 3;
        RuleKey key = new(match, Bands.PriorityOf(kind));
        int doublings = 0;
        ref Rule there = ref CollectionsMarshal.GetValueRefOrNullRef(_rules, key);
        if (!Unsafe.IsNullRef(ref there) && there.Action == action && there.OwnerId == owner && there.Kind == kind)
        {
            long until = there.SentAt + ((long)_options.ResendAfter << there.Doublings);
            if (now < until)
                return until;
            if (now < until + _options.ResendAfter)
                doublings = Math.Min(there.Doublings + 1, MostDoublings);
        }
        bool put = Put(key, new Rule(kind, owner, action, idleSeconds, now) { Doublings = (byte)doublings });
        return put ? now + ((long)_options.ResendAfter << doublings) : 0;
    }

    /// <summary>Makes sure that a rule is there; one that is there already with the same output and owner is never sent again, unless it lasts and is to idle out, or the other way round.</summary>
    public bool EnsureOnce(RuleKind kind, in Match match, uint owner, RuleAction action, ushort idleSeconds, long now)
    {
        RuleKey key = new(match, Bands.PriorityOf(kind));
        if (_rules.TryGetValue(key, out Rule there) && there.Action == action && there.OwnerId == owner && there.Kind == kind && (there.IdleSeconds == 0) == (idleSeconds == 0))
            return true;
        return Put(key, new Rule(kind, owner, action, idleSeconds, now));
    }

    /// <summary>Whether rules of a kind are part of what a switch has to have, not carried by it.</summary>
    public static bool IsDurable(RuleKind kind) =>
        kind is RuleKind.Attachment or RuleKind.Signaling or RuleKind.Probe or RuleKind.Catch or RuleKind.ChainCatch or RuleKind.Partition or RuleKind.Guard or RuleKind.PartitionCatch;

    /// <summary>Whether rules of a kind take a flow to a node.</summary>
    public static bool IsOfFlow(RuleKind kind) => kind is RuleKind.Steering or RuleKind.Chain;

    // A flow that is released keeps its place, and that it is released, while it has a rule.
    private static bool KeepsPin(RuleKind kind) => IsOfFlow(kind) || kind == RuleKind.Bypass;

    /// <summary>Deletes a rule of ours, if it is there.</summary>
    public bool Delete(in RuleKey key, long now)
    {
        if (!Forget(key, now, out Rule rule))
            return false;
        DeleteUnknown(key, CookieOf(rule), now);
        if (SoonChanged.IsSoon(rule.SentAt, now))
            _soonChanged.NoteDeleted(key, CookieOf(rule), now);
        return true;
    }

    /// <summary>Deletes a rule of ours that is on the switch and not here.</summary>
    public void DeleteUnknown(in RuleKey key, RuleCookie cookie, long now)
    {
        if (_deleting.Count >= MaxDeleting)
            _deleting.Clear();
        _deleting[key] = (_deleting.GetValueOrDefault(key).Count + 1, now);
        Touch(key);
        _writer.DeleteStrict(key.Match, key.Priority, cookie);
    }

    /// <summary>Whether a flow-removed message answers a delete of ours that is not long ago; each delete answers for one.</summary>
    public bool TakeDeleted(in RuleKey key, long now)
    {
        if (!_deleting.Remove(key, out (int Count, long Sent) deleting) || now - deleting.Sent > DeletedWithin)
            return false;
        if (deleting.Count > 1)
            _deleting[key] = (deleting.Count - 1, deleting.Sent);
        return true;
    }

    /// <summary>Sends a rule again that should be there as it is here.</summary>
    public void Resend(in RuleKey key, long now)
    {
        if (_rules.TryGetValue(key, out Rule rule))
            Put(key, rule with { SentAt = now, Adopted = false });
    }

    /// <summary>Says once more what was said of rules soon after they were sent, if it still holds.</summary>
    public void Tick(long now)
    {
        for (int i = 0; i < SaidAgainAtOnce && _soonChanged.TryTake(now, out SoonChanged.Change change); i++)
        {
            bool isThere = _rules.TryGetValue(change.Key, out Rule rule);
            if (change.Deleted is { } cookie && !isThere)
                DeleteUnknown(change.Key, cookie, now);
            else if (change.Deleted is null && isThere && rule.SentAt == change.At)
                Resend(change.Key, now);
        }
    }

    /// <summary>The strangers' rules as they are now; where one is gone that was in our way, there is room again.</summary>
    public void UseStrangers(IReadOnlyDictionary<RuleKey, ulong> strangers)
    {
        _strangers = strangers.Take(MaxStrangers).ToDictionary();
        _refused.RemoveWhere(k => !_strangers.ContainsKey(k));
    }

    /// <summary>Notes that the switch has a rule of ours that this session did not send.</summary>
    public void Adopt(in RuleKey key, in Rule rule)
    {
        HasAdoptedReactive |= !IsDurable(rule.Kind);
        Forget(key, rule.SentAt, out _);
        Note(key, rule);
    }

    /// <summary>Notes that the switch has lost a rule of ours.</summary>
    public bool Forget(in RuleKey key, long now, out Rule rule)
    {
        if (!_rules.Remove(key, out rule))
            return false;
        _toldFull &= _rules.Count > _options.MaxRules / 10 * 9;
        Epoch++;
        Hosts.Remove(rule.Place, rule.Kind);
        _ofKind[(int)rule.Kind]--;
        if (KeepsPin(rule.Kind))
            _pins.CountRule(key.Flow, -1, now);
        return true;
    }

    /// <summary>Notes a rule that is not ours.</summary>
    public void NoteStranger(in RuleKey key, ulong cookie)
    {
        if (_strangers.Count < MaxStrangers)
            _strangers[key] = cookie;
    }

    /// <summary>The table is full: rules for filters and flows are not added until then, unless they replace one.</summary>
    public void HoldBack(long until) => _heldBackUntil = until;

    /// <summary>Whether something below the catch band would shadow a filter with this match: forwarding rules look at no address that a filter has.</summary>
    public bool IsShadowed(in Match filter)
    {
        if (CountOf(RuleKind.Forwarding) > 0)
            return true;
        foreach (RuleKey key in _strangers.Keys)
        {
            if (key.Priority < Bands.Catch && key.Match.Overlaps(filter))
                return true;
        }
        return false;
    }

    /// <summary>The cookie of a rule.</summary>
    public RuleCookie CookieOf(in Rule rule) => new(rule.Kind, _options.Domain, rule.OwnerId);

    /// <summary>An audit begins or ends.</summary>
    public void SetAudited(bool audited)
    {
        IsAudited = audited;
        Touched.Clear();
    }

    /// <summary>The switch is somebody else's from now on: what it has keeps no flow on its nodes any more.</summary>
    public void LetGo(long now)
    {
        foreach ((RuleKey key, Rule rule) in _rules)
        {
            if (KeepsPin(rule.Kind))
                _pins.CountRule(key.Flow, -1, now);
        }
        _rules.Clear();
        Array.Clear(_ofKind);
    }

    private ushort VlanOf(in RuleKey key, RuleKind kind) => kind == RuleKind.Transit ? _vlanOfTag(key.Match.DlVlan) : key.Match.DlVlan;

    private void Touch(in RuleKey key)
    {
        if (IsAudited)
            Touched.Add(key);
    }

    private bool Put(in RuleKey key, in Rule rule)
    {
        if (IsQuiet || !MayAdd(rule.Kind) || IsTaken(key, rule.Kind))
            return false;
        ref Rule before = ref CollectionsMarshal.GetValueRefOrNullRef(_rules, key);
        bool there = !Unsafe.IsNullRef(ref before);
        if (!there && IsFull)
        {
            TellFull();
            return false;
        }
        if (!there && rule.SentAt < _heldBackUntil && MayWait(rule.Kind))
            return false;
        if (there && before.Kind == rule.Kind)
            Renew(key, ref before, rule);
        else
            Replace(key, rule);
        _writer.Add(key.Match, CookieOf(rule), rule.Action, rule.IdleSeconds);
        return true;
    }

    // Whether a stranger's rule is where this one belongs.
    private bool IsTaken(in RuleKey key, RuleKind kind)
    {
        if (_strangers.Count > 0 && _strangers.TryGetValue(key, out ulong cookie) && _refused.Add(key))
            _alarm($"a rule that is not ours (cookie 0x{cookie:x}) has the match {key.Match} at priority {key.Priority}, where our {kind} rule belongs; it is left alone: move or delete it");
        return _refused.Count > 0 && _refused.Contains(key);
    }

    // Once, until there was room for some time.
    private void TellFull()
    {
        if (_toldFull)
            return;
        _toldFull = true;
        _alarm($"the {_options.MaxRules} rules that this switch may have of ours are used up: flows without one are forwarded packet by packet, steered ones to their node");
    }

    private bool MayAdd(RuleKind kind) => Gate switch
    {
        RuleGate.Open => true,
        RuleGate.DurableOnly => IsDurable(kind),
        _ => false,
    };

    // A catch rule waits with the forwarding rules that would shadow its filter: each of those asks for it first.
    private static bool MayWait(RuleKind kind) => kind is not (RuleKind.Attachment or RuleKind.Signaling or RuleKind.Probe);

    // The same rule with another output, or once more: what is counted and indexed stays.
    private void Renew(in RuleKey key, ref Rule before, in Rule rule)
    {
        Touch(key);
        if (before.Action != rule.Action)
        {
            Epoch++;
            if (SoonChanged.IsSoon(before.SentAt, rule.SentAt))
                _soonChanged.NoteSent(key, rule.SentAt);
        }
        before = rule with { Place = before.Place };
    }

    private void Replace(in RuleKey key, in Rule rule)
    {
        bool isSoon = _deleting.TryGetValue(key, out (int Count, long Sent) deleted) && SoonChanged.IsSoon(deleted.Sent, rule.SentAt);
        isSoon |= Forget(key, rule.SentAt, out Rule before) && SoonChanged.IsSoon(before.SentAt, rule.SentAt);
        if (isSoon)
            _soonChanged.NoteSent(key, rule.SentAt);
        Note(key, rule);
    }

    private void Note(in RuleKey key, in Rule rule)
    {
        Touch(key);
        _rules[key] = rule with { Place = Hosts.Add(key, rule.Kind, VlanOf(key, rule.Kind)) };
        _ofKind[(int)rule.Kind]++;
        if (KeepsPin(rule.Kind))
            _pins.CountRule(key.Flow, 1, rule.SentAt);
    }
}
