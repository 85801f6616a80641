using System.Collections.Frozen;

namespace NetServ.Controller.Core.Switches;

/// <summary>
/// One active connection a datapath id. A second one of the same peer waits while the first is asked for an echo: it takes over if the first is
/// silent, and stays as standby if it answers. Another peer is refused, whether the first is alive or not: as long as it is there it is the switch.
/// What follows is left in <see cref="Changes"/>.
/// </summary>
/// <param name="pins">Datapath ids that only the holder of a certificate may claim: SHA-256, lower-case hex.</param>
/// <param name="answerWithin">Milliseconds in which a living peer says something when it is asked.</param>
public sealed class DatapathClaims(FrozenDictionary<ulong, string> pins, int answerWithin)
{
    private const int MaxStandbys = 2;
    private const int AlarmEvery = 60_000;
    private const int MaxAlarmed = 1024;

    private readonly Dictionary<ulong, Datapath> _byDpid = [];
    private readonly Dictionary<long, ulong> _bySession = [];
    private readonly Dictionary<ulong, long> _alarmed = [];
    private readonly List<ulong> _asked = [];

    /// <summary>What is to be done, in order; whoever does it clears the list.</summary>
    public List<ClaimChange> Changes { get; } = [];

    /// <summary>Whether a question is open, so that time matters.</summary>
    public bool IsWaiting => _asked.Count > 0;

    /// <summary>A connection says that it is a switch.</summary>
    /// <param name="dpid">The switch.</param>
    /// <param name="session">The connection; it claims once.</param>
    /// <param name="peer">Who it is.</param>
    /// <param name="now">Milliseconds.</param>
    /// <param name="reason">For whoever is refused.</param>
    public ClaimOutcome Claim(ulong dpid, long session, PeerIdentity peer, long now, out string? reason)
    {
        reason = WhyNot(dpid, peer);
        if (reason is not null)
            return IsNews(dpid, now) ? ClaimOutcome.Refused : ClaimOutcome.RefusedAgain;
        _bySession[session] = dpid;
        if (!_byDpid.TryGetValue(dpid, out Datapath? there))
        {
            _byDpid[dpid] = new Datapath(session, peer);
            return ClaimOutcome.Active;
        }
        Wait(dpid, there, session, now);
        return ClaimOutcome.Standby;
    }

    /// <summary>A connection has ended; a standby of its switch takes over, the newest first.</summary>
    public void Ended(long session)
    {
        if (!_bySession.Remove(session, out ulong dpid) || !_byDpid.TryGetValue(dpid, out Datapath? there) || there.Standbys.Remove(session) || there.Active != session)
            return;
        Replace(dpid, there);
    }

    /// <summary>Looks whether those who were asked have answered. To be called after what has come in was read.</summary>
    /// <param name="now">Milliseconds.</param>
    /// <param name="isSilent">Whether nothing at all was heard on a connection since it was asked.</param>
    public void Tick(long now, Func<long, bool> isSilent)
    {
        for (int i = _asked.Count - 1; i >= 0; i--)
        {
            ulong dpid = _asked[i];
            if (!_byDpid.TryGetValue(dpid, out Datapath? there) || there.AskedAt is not { } askedAt)
                _asked.RemoveAt(i);
            else if (!isSilent(there.Active))
                Confirm(i, there);
            else if (now - askedAt >= answerWithin)
                GiveUp(i, there, now - askedAt);
        }
    }

    private string? WhyNot(ulong dpid, PeerIdentity peer)
    {
        if (pins.TryGetValue(dpid, out string? pinned) && peer.CertificateSha256 != pinned)
            return $"switch {dpid:x16} is claimed by {peer}, but is pinned to the certificate sha256:{pinned}; refused: if the switch has a new certificate, change $.pins";
        if (_byDpid.TryGetValue(dpid, out Datapath? there) && !there.Peer.IsSameAs(peer))
            return $"switch {dpid:x16} is claimed by {peer} while it is connected as {there.Peer}; refused: give each switch a datapath id of its own, or find out who that is";
        return null;
    }

    private void Wait(ulong dpid, Datapath there, long session, long now)
    {
        there.Standbys.Add(session);
        if (there.Standbys.Count > MaxStandbys)
        {
            Changes.Add(new ClaimChange.End(there.Standbys[0], $"switch {dpid:x16} has newer connections"));
            _bySession.Remove(there.Standbys[0]);
            there.Standbys.RemoveAt(0);
        }
        if (there.AskedAt is not null)
            return;
        there.AskedAt = now;
        if (!_asked.Contains(dpid))
            _asked.Add(dpid);
        Changes.Add(new ClaimChange.Ask(there.Active));
    }

    private void Confirm(int index, Datapath there)
    {
        there.AskedAt = null;
        _asked.RemoveAt(index);
    }

    private void GiveUp(int index, Datapath there, long waited)
    {
        ulong dpid = _asked[index];
        _asked.RemoveAt(index);
        _bySession.Remove(there.Active);
        Changes.Add(new ClaimChange.End(there.Active, $"switch {dpid:x16} connected anew, and its old connection has been silent for {waited} ms"));
        Replace(dpid, there);
    }

    private void Replace(ulong dpid, Datapath there)
    {
        there.AskedAt = null;
        if (there.Standbys.Count == 0)
        {
            _byDpid.Remove(dpid);
            return;
        }
        there.Active = there.Standbys[^1];
        there.Standbys.RemoveAt(there.Standbys.Count - 1);
        Changes.Add(new ClaimChange.TakeOver(there.Active));
    }

    // Somebody who is refused comes back every second; the operator need not hear of it every time.
    private bool IsNews(ulong dpid, long now)
    {
        if (_alarmed.TryGetValue(dpid, out long last) && now - last < AlarmEvery)
            return false;
        if (_alarmed.Count >= MaxAlarmed)
            _alarmed.Clear();
        _alarmed[dpid] = now;
        return true;
    }

    private sealed class Datapath(long active, PeerIdentity peer)
    {
        public long Active { get; set; } = active;

        public PeerIdentity Peer { get; } = peer;

        public List<long> Standbys { get; } = [];

        public long? AskedAt { get; set; }
    }
}
