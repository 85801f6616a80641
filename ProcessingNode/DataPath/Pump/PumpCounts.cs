namespace NetServ.Node.DataPath.Pump;

/// <summary>The counters as the pump's thread writes them; another thread may see each of them a moment late.</summary>
internal sealed class PumpCounts
{
    public long Received;
    public long Sent;
    public long SendFailed;
    public long Processed;
    public long PassedUnprocessed;
    public long PassedPortless;
    public long DroppedPortless;
    public long Overrun;
    public long Strangers;
    public long FailedClosed;
    public long DroppedByModule;
    public long Emitted;
    public long Illegal;
    public long Attachment;
    public long Probes;
    public long BusyTicks;

    public PumpCounters Read() => new()
    {
        Received = Volatile.Read(ref Received),
        Sent = Volatile.Read(ref Sent),
        SendFailed = Volatile.Read(ref SendFailed),
        Processed = Volatile.Read(ref Processed),
        PassedUnprocessed = Volatile.Read(ref PassedUnprocessed),
        PassedPortless = Volatile.Read(ref PassedPortless),
        DroppedPortless = Volatile.Read(ref DroppedPortless),
        Overrun = Volatile.Read(ref Overrun),
        Strangers = Volatile.Read(ref Strangers),
        FailedClosed = Volatile.Read(ref FailedClosed),
        DroppedByModule = Volatile.Read(ref DroppedByModule),
        Emitted = Volatile.Read(ref Emitted),
        Illegal = Volatile.Read(ref Illegal),
        Attachment = Volatile.Read(ref Attachment),
        Probes = Volatile.Read(ref Probes),
    };
}
