using SharpPcap;
using SharpPcap.LibPcap;

namespace NetServ.Ports;

/// <summary>
/// A network interface by way of libpcap: slower than a packet socket, but it is there on other systems as well. Frames are sent on the handle that
/// captures, otherwise they would be captured again.
/// </summary>
internal sealed class PcapPort : PortBase
{
    private const int BufferSize = 8 * 1024 * 1024;
    private const int LongestSlice = 100;
    private readonly LibPcapLiveDevice _device;
    private readonly int _descriptor;
    private readonly TimeSpan _sendWait;
    private readonly Lock _life = new();

    internal PcapPort(string name, string interfaceName, TimeSpan sendWait)
        : base(name, PortState.Up)
    {
        _sendWait = sendWait;
        _device = Open(name, interfaceName);
        _descriptor = LibPcap.SelectableDescriptor(_device.Handle);
    }

    public override int Receive(FrameBatch batch, TimeSpan wait)
    {
        batch.Clear();
        Deadline deadline = Deadline.After(wait);
        while (!IsClosed)
        {
            // Against closing: libpcap frees what a read is using.
            lock (_life)
                ReceiveNow(batch);
            if (batch.Count > 0)
                break;
            if (deadline.IsOver)
                return 0;
            WaitForFrames(deadline.RemainingUpTo(LongestSlice));
        }
        CountReceived(batch.Count, batch.ByteCount);
        return batch.Count;
    }

    public override bool Send(ReadOnlySpan<byte> frame)
    {
        if (State != PortState.Up || frame.Length is 0 or > FrameBatch.MaxFrameSize || !TrySend(frame))
        {
            CountSendDrops(1);
            return false;
        }
        CountSent(1, frame.Length);
        return true;
    }

    public override int Send(FrameBatch batch)
    {
        int sent = 0;
        for (int i = 0; i < batch.Count; i++)
            sent += Send(batch[i]) ? 1 : 0;
        return sent;
    }

    private protected override void Close()
    {
        lock (_life)
            _device.Dispose();
    }

    private static LibPcapLiveDevice Open(string name, string interfaceName)
    {
        try
        {
            LibPcapLiveDevice device = LibPcapLiveDeviceList.New().FirstOrDefault(d => d.Name == interfaceName)
                ?? throw new PortException($"port {name}: libpcap knows no interface {interfaceName}; 'ip link' lists those there are");
            device.Open(new DeviceConfiguration
            {
                Mode = DeviceModes.Promiscuous,
                Immediate = true,
                ReadTimeout = 1,
                Snaplen = FrameBatch.MaxFrameSize,
                BufferSize = BufferSize,
            });
            device.NonBlockingMode = true;
            if (LibPcap.SetDirection(device.Handle, LibPcap.DirectionIn) < 0)
                throw new PortException($"port {name}: libpcap cannot tell the direction of frames on {interfaceName}; use veth:{interfaceName}");
            return device;
        }
        catch (DllNotFoundException e)
        {
            throw new PortException($"port {name}: libpcap is not installed; install it or use veth:{interfaceName}", e);
        }
        catch (PcapException e)
        {
            throw new PortException($"port {name}: libpcap cannot open {interfaceName} ({e.Message.Trim()}); run as root or give the program CAP_NET_RAW", e);
        }
    }

    private void ReceiveNow(FrameBatch batch)
    {
        while (!IsClosed && batch.CanAdd(FrameBatch.MaxFrameSize) && _device.GetNextPacket(out PacketCapture capture) == GetPacketStatus.PacketRead)
        {
            if (!batch.TryAdd(capture.Data))
                CountReceiveDrops(1);
        }
    }

    private void WaitForFrames(int milliseconds)
    {
        Libc.PollDescriptor descriptor = new() { Descriptor = _descriptor, Events = Libc.PollDescriptor.In };
        _ = Libc.Poll(ref descriptor, 1, milliseconds);
    }

    private bool TrySend(ReadOnlySpan<byte> frame)
    {
        Deadline deadline = Deadline.After(_sendWait);
        do
        {
            try
            {
                _device.SendPacket(frame);
                return true;
            }
            catch (PcapException) when (!IsClosed)
            {
                // Full, or the interface is down: libpcap does not say which.
            }
            catch (Exception e) when (e is PcapException or ObjectDisposedException or DeviceNotReadyException)
            {
                return false;
            }
            Libc.PollDescriptor descriptor = new() { Descriptor = _descriptor, Events = Libc.PollDescriptor.Out };
            _ = Libc.Poll(ref descriptor, 1, Math.Min(1, deadline.Remaining));
        }
        while (!deadline.IsOver);
        return false;
    }
}
