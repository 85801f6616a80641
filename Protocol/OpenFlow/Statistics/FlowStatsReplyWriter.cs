namespace NetServ.OpenFlow;

/// <summary>
/// Fills one part of an OFPST_FLOW reply in a caller's span: append until one does not fit, finish with "more follows", start the next part
/// with the same xid.
/// </summary>
public ref struct FlowStatsReplyWriter
{
    private readonly Span<byte> _buffer;
    private readonly uint _xid;

    /// <summary>Starts a part. The span needs 12 bytes at the least; more than 65535 are not used.</summary>
    public FlowStatsReplyWriter(Span<byte> buffer, uint xid)
    {
        Wire.Require(buffer, StatsHeader.Size, "a statistics reply");
        _buffer = buffer[..Math.Min(buffer.Length, Framing.MaxLength)];
        _xid = xid;
        Written = StatsHeader.Size;
    }

    /// <summary>Bytes of the part so far.</summary>
    public int Written { get; private set; }

    /// <summary>Whether nothing was appended yet.</summary>
    public readonly bool IsEmpty => Written == StatsHeader.Size;

    /// <summary>Appends an entry; false, and nothing written, if it does not fit into this part.</summary>
    public bool TryAppend(scoped in FlowStatsEntry entry)
    {
        if (entry.Length > _buffer.Length - Written)
            return false;
        Written += entry.Write(_buffer[Written..]);
        return true;
    }

    /// <summary>Writes the header and returns the length of the part.</summary>
    public readonly int Finish(bool more)
    {
        Span<byte> to = Wire.Begin(_buffer, MessageType.StatsReply, Written, StatsHeader.Size, _xid);
        Wire.U16(to, 8, (ushort)StatsType.Flow);
        Wire.U16(to, 10, (ushort)(more ? StatsReplyFlags.More : StatsReplyFlags.None));
        return Written;
    }
}
