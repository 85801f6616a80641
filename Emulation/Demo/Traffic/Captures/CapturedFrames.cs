using NetServ.Demo.Measuring;
using NetServ.Ports;

namespace NetServ.Demo.Traffic.Captures;

/// <summary>What is played of a capture, and what is left out for which reason.</summary>
internal sealed class CapturedFrames
{
    private readonly Dictionary<string, int> _leftOut = [];

    /// <summary>Takes all frames that can be played whatever the filter is.</summary>
    public CapturedFrames(IReadOnlyList<PcapRecord> records)
    {
        Total = records.Count;
        Frames = [.. records.Select(Addressed).OfType<byte[]>()];
        Hosts = new HostMap(Frames);
        Keep(frame => FrameView.Read(frame).Link is { ToGroup: false } link && Hosts.PortOf(link.Source) == Hosts.PortOf(link.Destination) ? Unplayable.OnePort : null);
    }

    /// <summary>Frames in the file.</summary>
    public int Total { get; }

    /// <summary>Those that are played, in the order of the file.</summary>
    public IReadOnlyList<byte[]> Frames { get; private set; }

    /// <summary>Who hangs where.</summary>
    public HostMap Hosts { get; }

    /// <summary>Frames with made-up Ethernet addresses.</summary>
    public int Readdressed { get; private set; }

    /// <summary>Frames that are not played, by reason.</summary>
    public IReadOnlyDictionary<string, int> LeftOut => _leftOut;

    /// <summary>Leaves out what could not be judged, once the filter is known.</summary>
    /// <param name="filter">What SETUP names.</param>
    /// <param name="stamps">Whether the module stamps.</param>
    public void Judge(TrafficFilter filter, bool stamps)
    {
        Keep(frame => Unplayable.Reason(FrameView.Read(frame), filter));
        if (!stamps)
            return;
        const int fullDscp = 63;
        Dictionary<ulong, int> marks = [];
        Keep(frame =>
        {
            FrameView view = FrameView.Read(frame);
            if (!filter.Steers(view))
                return null;
            ulong print = Fingerprint.Of(view, stamps, out int mark);
            marks.TryAdd(print, mark);
            return mark >= fullDscp || marks[print] != mark ? Unplayable.NoRoomForStamp : null;
        });
    }

    private byte[]? Addressed(PcapRecord record)
    {
        if (Unplayable.Reason(record) is { } reason)
            return LeaveOut(reason);
        FrameView view = FrameView.Read(record.Data);
        if (Readdressing.IsUsable(view))
            return record.Data;
        if (Readdressing.Try(view) is not { } readdressed)
            return LeaveOut(Unplayable.NoAddresses);
        Readdressed++;
        return readdressed;
    }

    private void Keep(Func<byte[], string?> reason) => Frames = [.. Frames.Where(frame => reason(frame) is not { } why || LeaveOut(why) is not null)];

    private byte[]? LeaveOut(string reason)
    {
        _leftOut[reason] = _leftOut.GetValueOrDefault(reason) + 1;
        return null;
    }
}
