namespace NetServ.Packets;

/// <summary>What reading a frame's flow key also shows.</summary>
[Flags]
public enum FrameInfo
{
    /// <summary>Nothing out of the ordinary.</summary>
    None = 0,

    /// <summary>It carries an IPv4 fragment, first or later; its transport ports are zero in the key.</summary>
    Fragment = 1,

    /// <summary>A header that should be there is cut short or malformed; its fields are zero in the key.</summary>
    Truncated = 2,
}
