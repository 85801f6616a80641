using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace NetServ.Ports;

/// <summary>
/// The arrays that recvmmsg(2) and sendmmsg(2) take on 64-bit Linux: per message a struct mmsghdr (64 bytes), one struct iovec (16 bytes), and
/// room for one control message. Pinned for life.
/// </summary>
internal sealed class MessageVector
{
    // In units of eight bytes.
    private const int HeaderWords = 8;
    private const int VectorAt = 2;
    private const int VectorCountAt = 3;
    private const int ControlAt = 4;
    private const int ControlLengthAt = 5;
    private const int FlagsAt = 6;
    private const int LengthAt = 7;

    // struct cmsghdr (16 bytes) and struct tpacket_auxdata (20 bytes), aligned.
    private const int ControlSize = 40;
    private const int AuxdataAt = 16;
    private const int AuxdataVlanAt = AuxdataAt + 16;

    private readonly ulong[] _headers;
    private readonly ulong[] _vectors;
    private readonly byte[] _control;

    internal MessageVector(int capacity)
    {
        if (!Environment.Is64BitProcess)
            throw new PlatformNotSupportedException("packet sockets need a 64-bit process");
        _headers = GC.AllocateArray<ulong>(capacity * HeaderWords, pinned: true);
        _vectors = GC.AllocateArray<ulong>(capacity * 2, pinned: true);
        _control = GC.AllocateArray<byte>(capacity * ControlSize, pinned: true);
    }

    internal int Capacity => _vectors.Length / 2;

    /// <summary>Address of the header of a message and those after it.</summary>
    internal nint AddressFrom(int index) => Address(_headers, index * HeaderWords);

    /// <summary>Prepares a message whose bytes are at <paramref name="address"/>.</summary>
    internal void Set(int index, nint address, int length, bool withControl)
    {
        _vectors[index * 2] = (ulong)address;
        _vectors[index * 2 + 1] = (ulong)length;
        Span<ulong> header = _headers.AsSpan(index * HeaderWords, HeaderWords);
        header.Clear();
        header[VectorAt] = (ulong)Address(_vectors, index * 2);
        header[VectorCountAt] = 1;
        if (!withControl)
            return;
        _control.AsSpan(index * ControlSize, ControlSize).Clear();
        header[ControlAt] = (ulong)Marshal.UnsafeAddrOfPinnedArrayElement(_control, index * ControlSize);
        header[ControlLengthAt] = ControlSize;
    }

    /// <summary>Bytes the kernel transferred.</summary>
    internal int Length(int index) => (int)(uint)_headers[index * HeaderWords + LengthAt];

    /// <summary>Whether the message was longer than its room.</summary>
    internal bool IsTruncated(int index) => ((int)_headers[index * HeaderWords + FlagsAt] & PacketSocketConstants.MessageTruncated) != 0;

    /// <summary>Status bits and VLAN tag beside the frame; 0 if there are none.</summary>
    internal (uint Status, ushort Tci, ushort Type) Auxdata(int index)
    {
        if (_headers[index * HeaderWords + ControlLengthAt] < AuxdataVlanAt + 4)
            return default;
        ReadOnlySpan<byte> control = _control.AsSpan(index * ControlSize, ControlSize);
        uint status = BinaryPrimitives.ReadUInt32LittleEndian(control[AuxdataAt..]);
        ushort tci = BinaryPrimitives.ReadUInt16LittleEndian(control[AuxdataVlanAt..]);
        ushort type = BinaryPrimitives.ReadUInt16LittleEndian(control[(AuxdataVlanAt + 2)..]);
        return (status, tci, (status & PacketSocketConstants.StatusVlanTypeValid) != 0 ? type : (ushort)0x8100);
    }

    private static nint Address(ulong[] array, int index) => Marshal.UnsafeAddrOfPinnedArrayElement(array, index);
}
