using NetServ.Ports;

namespace NetServ.Node.Tests.Support;

/// <summary>The switch's end of the cable to the node.</summary>
internal sealed class SwitchEnd(IPort port)
{
    private readonly FrameBatch _batch = new(1);

    public void Send(params byte[][] frames)
    {
        foreach (byte[] frame in frames)
            Assert.That(port.Send(frame), Is.True, "the cable took the frame");
    }

    /// <summary>The next frame, within five seconds.</summary>
    public byte[] Receive()
    {
        Assert.That(port.Receive(_batch, TimeSpan.FromSeconds(5)), Is.EqualTo(1), "a frame came out of the node");
        return _batch[0].ToArray();
    }

    /// <summary>Every frame that is there now.</summary>
    public List<byte[]> ReceiveAll()
    {
        List<byte[]> frames = [];
        while (port.Receive(_batch, TimeSpan.Zero) > 0)
            frames.Add(_batch[0].ToArray());
        return frames;
    }
}
