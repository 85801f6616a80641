using System.Buffers.Binary;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using NetServ.Packets;
using static NetServ.Ports.PacketSocketConstants;

namespace NetServ.Ports;

/// <summary>
/// A network interface of Linux by a packet socket: many frames in one system call each way. What the kernel took off a frame it gives back: the
/// VLAN tag, and a checksum left to hardware that is not there.
/// </summary>
internal sealed class InterfacePort : PortBase
{
    private const int VectorSize = 64;
    private const int MacsSize = 2 * MacAddress.Size;
    private const int TagSize = 4;
    private const int LongestSlice = 100;
    private const int StateCheckInterval = 500;

    private readonly string _interface;
    private readonly Socket _socket;
    private readonly TimeSpan _sendWait;
    private readonly MessageVector _input = new(VectorSize);
    private readonly MessageVector _output = new(VectorSize);
    private readonly FrameBatch _single = new(1, FrameBatch.MaxFrameSize);
    private readonly int _slotSize;
    private long _nextStateCheck;

    internal InterfacePort(string name, string interfaceName, TimeSpan sendWait)
        : base(name, PortState.Down)
    {
        _interface = interfaceName;
        _sendWait = sendWait;
        _socket = PacketSocket.Open(name, interfaceName);
        int longest = PacketSocket.Mtu(_socket, interfaceName) + MacsSize + 2 + 2 * TagSize;
        _slotSize = Math.Min(longest, FrameBatch.MaxFrameSize);
        CheckState();
    }

    public override int Receive(FrameBatch batch, TimeSpan wait)
    {
        batch.Clear();
        Deadline deadline = Deadline.After(wait);
        while (!IsClosed)
        {
            int received = ReceiveNow(batch);
            if (received > 0)
            {
                CountReceived(received, batch.ByteCount);
                return received;
            }
            if (deadline.IsOver)
                return 0;
            WaitForFrames(deadline);
        }
        return 0;
    }

    public override bool Send(ReadOnlySpan<byte> frame)
    {
        _single.Clear();
        if (frame.Length > 0 && _single.TryAdd(frame))
            return Send(_single) == 1;
        CountSendDrops(1);
        return false;
    }

    public override int Send(FrameBatch batch)
    {
        int sent = 0;
        long bytes = 0;
        Deadline deadline = Deadline.After(_sendWait);
        for (int start = 0; start < batch.Count; start += VectorSize)
        {
            int count = Math.Min(VectorSize, batch.Count - start);
            for (int i = 0; i < count; i++)
                _output.Set(i, batch.AddressOf(start + i), batch[start + i].Length, withControl: false);
            sent += SendVector(count, deadline, ref bytes);
        }
        CountSent(sent, bytes);
        if (sent < batch.Count)
            CountSendDrops(batch.Count - sent);
        return sent;
    }

    private protected override void Close() => _socket.Dispose();

    private int ReceiveNow(FrameBatch batch)
    {
        int count = Math.Min(Math.Min(VectorSize, batch.Capacity), batch.Free.Length / _slotSize);
        int slots = batch.OffsetOfFree;
        // A tag the kernel took off goes before the rest: the frame starts that much later in its slot.
        for (int i = 0; i < count; i++)
            _input.Set(i, batch.AddressAt(slots + i * _slotSize + TagSize), _slotSize - TagSize, withControl: true);
        int received = Call(_input, 0, count, sending: false, out int error);
        if (received < 0)
        {
            Notice(error);
            return 0;
        }
        for (int i = 0; i < received; i++)
            Accept(batch, i, slots + i * _slotSize);
        return batch.Count;
    }

    private void Accept(FrameBatch batch, int index, int slot)
    {
        int length = _input.Length(index);
        if (_input.IsTruncated(index) || length < MacsSize)
        {
            CountReceiveDrops(1);
            return;
        }
        (uint status, ushort tci, ushort type) = _input.Auxdata(index);
        int at = slot + TagSize;
        if ((status & StatusVlanValid) != 0)
        {
            at = slot;
            length += TagSize;
            InsertTag(batch.Bytes(at, length), tci, type);
        }
        batch.CommitAt(at, length);
        if ((status & StatusChecksumNotReady) != 0)
            TransportChecksum.Fill(batch.Bytes(at, length));
    }

    private static void InsertTag(Span<byte> frame, ushort tci, ushort type)
    {
        frame.Slice(TagSize, MacsSize).CopyTo(frame);
        BinaryPrimitives.WriteUInt16BigEndian(frame[MacsSize..], type);
        BinaryPrimitives.WriteUInt16BigEndian(frame[(MacsSize + 2)..], tci);
    }

    private int SendVector(int count, Deadline deadline, ref long bytes)
    {
        int sent = 0;
        int next = 0;
        while (next < count)
        {
            int now = Call(_output, next, count - next, sending: true, out int error);
            for (int i = 0; i < now; i++)
                bytes += _output.Length(next + i);
            if (now > 0)
            {
                sent += now;
                next += now;
            }
            else if (error is not (TryAgain or NoBufferSpace or Interrupted))
            {
                // This one cannot be sent (too long, too short, interface down); the next one may.
                Notice(error);
                next++;
            }
            else if (deadline.IsOver || !Poll(SelectMode.SelectWrite, deadline.RemainingUpTo(LongestSlice)))
            {
                break;
            }
        }
        return sent;
    }

    private int Call(MessageVector vector, int from, int count, bool sending, out int error)
    {
        error = 0;
        try
        {
            int result = sending
                ? Libc.SendMessages(_socket.SafeHandle, vector.AddressFrom(from), (uint)count, MessageDontWait)
                : Libc.ReceiveMessages(_socket.SafeHandle, vector.AddressFrom(from), (uint)count, MessageDontWait, 0);
            if (result < 0)
                error = Marshal.GetLastPInvokeError();
            return result;
        }
        catch (ObjectDisposedException)
        {
            error = BadDescriptor;
            return -1;
        }
    }

    private void Notice(int error)
    {
        if (error is NetworkDown or NoSuchDevice or NoSuchDeviceOrAddress)
            CheckState();
    }

    // In slices: closing a packet socket wakes nobody who polls it.
    private void WaitForFrames(Deadline deadline)
    {
        if (!Poll(SelectMode.SelectRead, deadline.RemainingUpTo(LongestSlice)) && Environment.TickCount64 >= _nextStateCheck)
            CheckState();
    }

    private bool Poll(SelectMode mode, int milliseconds)
    {
        try
        {
            return _socket.Poll(TimeSpan.FromMilliseconds(milliseconds), mode);
        }
        catch (Exception e) when (e is ObjectDisposedException or SocketException)
        {
            return false;
        }
    }

    private void CheckState()
    {
        _nextStateCheck = Environment.TickCount64 + StateCheckInterval;
        try
        {
            switch (PacketSocket.IsUp(_socket, _interface))
            {
                case true:
                    SetState(PortState.Up);
                    break;
                case false:
                    SetState(PortState.Down);
                    break;
                default:
                    Dispose();
                    break;
            }
        }
        catch (ObjectDisposedException)
        {
            // Closed meanwhile.
        }
    }
}
