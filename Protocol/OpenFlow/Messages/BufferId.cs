namespace NetServ.OpenFlow;

/// <summary>The reserved buffer id.</summary>
public static class BufferId
{
    /// <summary>The frame is not buffered.</summary>
    public const uint None = 0xffff_ffff;
}
