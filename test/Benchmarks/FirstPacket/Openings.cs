using System.Diagnostics;
using NetServ.OpenFlow;
using NetServ.Packets;

namespace NetServ.Benchmarks.FirstPacket;

/// <summary>Flows that are opened at a steady pace, each from a source port of its own, and an ECHO half way between every fifth and the next.</summary>
internal sealed class Openings(ushort firstSource)
{
    private const int FlowsPerEcho = 5;
    private const int Most = 60_000;
    private static readonly long s_patience = Stopwatch.Frequency;

    private readonly long[] _sentAt = new long[Most];
    private readonly long[] _echoAt = new long[Most];
    private readonly bool[] _ruled = new bool[Most];
    private readonly bool[] _done = new bool[Most];
    private TaskCompletionSource<OpeningTimes>? _ended;
    private OpeningTimes _times = new();
    private long _start;
    private long _step;
    private int _perSecond;
    private int _first;
    private int _next;
    private int _end;
    private int _echoes;
    private int _open;
    private volatile bool _underWay;

    /// <summary>Whether flows are opened or answers waited for.</summary>
    public bool IsUnderWay => _underWay;

    /// <summary>Begins; ends when all are answered, or a second after the last was opened.</summary>
    public Task<OpeningTimes> BeginAsync(int perSecond, int flows)
    {
        _ended = new TaskCompletionSource<OpeningTimes>(TaskCreationOptions.RunContinuationsAsynchronously);
        _times = new OpeningTimes { Seconds = [.. Enumerable.Range(0, (flows + perSecond - 1) / perSecond).Select(_ => new OpeningTimes())] };
        _perSecond = perSecond;
        (_first, _end, _echoes, _open) = (_next, _next + flows, 0, 0);
        _step = Stopwatch.Frequency / perSecond;
        _start = Stopwatch.GetTimestamp() + _step;
        _underWay = true;
        return _ended.Task;
    }

    /// <summary>The source port of the flow whose turn it is; null if it is none's.</summary>
    public ushort? NextFlow(long now)
    {
        if (!_underWay)
            return null;
        long due = _start + (_next - _first) * _step;
        if (_next == _end)
        {
            if (_open == 0 || now > due + s_patience)
                End();
            return null;
        }
        if (now < due)
            return null;
        _times.Lateness.Add(now - due);
        SecondOf(_next).Lateness.Add(now - due);
        // After a stall of this program the arrears are not sent at once: the pace is a promise.
        if (now - due > _step)
            _start += now - due;
        _sentAt[_next] = now;
        _open++;
        return (ushort)(firstSource + _next++);
    }

    /// <summary>The transaction id of an ECHO_REQUEST whose turn it is; null if there is none.</summary>
    public uint? NextEcho(long now)
    {
        int behind = _first + _echoes * FlowsPerEcho;
        if (!_underWay || behind >= _next || now < _start + (behind - _first) * _step + _step / 2)
            return null;
        _echoAt[_echoes] = now;
        return (uint)_echoes++;
    }

    /// <summary>A rule has come.</summary>
    public void NoteRule(in FlowMod mod, bool toNode)
    {
        _times.FlowMods++;
        if (toNode && mod.Command == FlowModCommand.Add && mod.Match.NwProto == IpProtocols.Udp && !mod.Match.Ignores(Wildcard.TpSrc) && IsOurs(mod.Match.TpSrc, out int flow))
            _ruled[flow] = true;
    }

    /// <summary>The packet of a flow has come, on to the node.</summary>
    public void NotePacket(ushort source, long now)
    {
        if (!IsOurs(source, out int flow) || !_ruled[flow] || _done[flow])
            return;
        _done[flow] = true;
        _open--;
        _times.FirstPackets.Add(now - _sentAt[flow]);
        SecondOf(flow).FirstPackets.Add(now - _sentAt[flow]);
    }

    /// <summary>An ECHO_REPLY has come.</summary>
    public void NoteEcho(uint id, long now)
    {
        if (!_underWay || id >= _echoes)
            return;
        _times.Echoes.Add(now - _echoAt[id]);
        SecondOf(_first + (int)id * FlowsPerEcho).Echoes.Add(now - _echoAt[id]);
    }

    /// <summary>Ends it as it is.</summary>
    public void End()
    {
        _underWay = false;
        _times.Unanswered = _open;
        _ended?.TrySetResult(_times);
    }

    private OpeningTimes SecondOf(int flow) => _times.Seconds[(flow - _first) / _perSecond];

    private bool IsOurs(ushort source, out int flow)
    {
        flow = source - firstSource;
        return flow >= _first && flow < _next;
    }
}
