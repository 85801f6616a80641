namespace NetServ.Demo.Measuring;

/// <summary>Says which packet of which flow a frame is, wherever on its way it is seen. Called by many threads.</summary>
internal interface IPacketIdentifier
{
    /// <summary>Never throws, whatever the bytes.</summary>
    /// <param name="frame">A frame without FCS.</param>
    Identity Identify(ReadOnlySpan<byte> frame);
}
