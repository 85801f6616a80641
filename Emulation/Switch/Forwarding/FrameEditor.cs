using System.Buffers.Binary;
using NetServ.OpenFlow;
using NetServ.Packets;

namespace NetServ.Emulation.Switch.Forwarding;

/// <summary>
/// A copy of a frame on which actions are carried out (OpenFlow 1.0.0 table 5). Checksums of IP, TCP and UDP are kept right by the difference
/// (RFC 1624); a field that the frame does not have is left alone.
/// </summary>
internal sealed class FrameEditor
{
    private const int TagSize = 4;

    private readonly byte[] _buffer = new byte[TagSize + ushort.MaxValue + 1];
    private int _start;
    private int _end;

    /// <summary>The frame as it is now.</summary>
    public ReadOnlySpan<byte> Frame => _buffer.AsSpan(_start, _end - _start);

    private Span<byte> Bytes => _buffer.AsSpan(_start, _end - _start);

    /// <summary>Begins with a copy of <paramref name="frame"/>.</summary>
    public void Load(ReadOnlySpan<byte> frame)
    {
        _start = TagSize;
        _end = TagSize + frame.Length;
        frame.CopyTo(_buffer.AsSpan(TagSize));
    }

    /// <summary>Carries out one action that is not an output.</summary>
    public void Apply(in SwitchAction action)
    {
        if (Bytes.Length < 14)
            return;
        switch (action.Type)
        {
            case ActionType.SetVlanVid: SetTag(0x0fff, (ushort)action.Value); break;
            case ActionType.SetVlanPcp: SetTag(0xe000, (ushort)(action.Value << 13)); break;
            case ActionType.StripVlan: StripTag(); break;
            case ActionType.SetDlSrc: SetMac(6, action.Value); break;
            case ActionType.SetDlDst: SetMac(0, action.Value); break;
            case ActionType.SetNwSrc: SetAddress(12, (uint)action.Value); break;
            case ActionType.SetNwDst: SetAddress(16, (uint)action.Value); break;
            case ActionType.SetNwTos: SetTos((byte)action.Value); break;
            case ActionType.SetTpSrc: SetTransportPort(0, (ushort)action.Value); break;
            case ActionType.SetTpDst: SetTransportPort(2, (ushort)action.Value); break;
            default: throw new InvalidOperationException($"{action.Type} does not edit a frame");
        }
    }

    /// <summary>Takes one from the TTL of an IP packet; false if it had no more than one. What is no IP packet has none to lose.</summary>
    public bool TryDecrementTtl()
    {
        if (!TryIp(out int ip, out _))
            return true;
        ushort old = U16(ip + 8);
        if (old >> 8 <= 1)
            return false;
        ushort now = (ushort)(old - 0x100);
        BinaryPrimitives.WriteUInt16BigEndian(Bytes[(ip + 8)..], now);
        FixIpChecksum(ip, old, now);
        return true;
    }

    private bool IsTagged => Bytes.Length >= 18 && U16(12) == EtherTypes.Vlan;

    private ushort U16(int at) => BinaryPrimitives.ReadUInt16BigEndian(Bytes[at..]);

    private void SetTag(ushort mask, ushort value)
    {
        if (!IsTagged)
        {
            Bytes[..12].CopyTo(_buffer.AsSpan(_start - TagSize));
            _start -= TagSize;
            BinaryPrimitives.WriteUInt16BigEndian(Bytes[12..], EtherTypes.Vlan);
            BinaryPrimitives.WriteUInt16BigEndian(Bytes[14..], 0);
        }
        BinaryPrimitives.WriteUInt16BigEndian(Bytes[14..], (ushort)((U16(14) & ~mask) | (value & mask)));
    }

    private void StripTag()
    {
        if (!IsTagged)
            return;
        Bytes[..12].CopyTo(_buffer.AsSpan(_start + TagSize));
        _start += TagSize;
    }

    private void SetMac(int at, ulong value)
    {
        BinaryPrimitives.WriteUInt16BigEndian(Bytes[at..], (ushort)(value >> 32));
        BinaryPrimitives.WriteUInt32BigEndian(Bytes[(at + 2)..], (uint)value);
    }

    private void SetAddress(int at, uint value)
    {
        if (!TryIp(out int ip, out int transport))
            return;
        uint old = BinaryPrimitives.ReadUInt32BigEndian(Bytes[(ip + at)..]);
        BinaryPrimitives.WriteUInt32BigEndian(Bytes[(ip + at)..], value);
        for (int shift = 16; shift >= 0; shift -= 16)
        {
            FixIpChecksum(ip, (ushort)(old >> shift), (ushort)(value >> shift));
            FixTransportChecksum(ip, transport, (ushort)(old >> shift), (ushort)(value >> shift));
        }
    }

    private void SetTos(byte value)
    {
        if (!TryIp(out int ip, out _))
            return;
        ushort old = U16(ip);
        ushort now = (ushort)((old & 0xff03) | (value & 0xfc));
        BinaryPrimitives.WriteUInt16BigEndian(Bytes[ip..], now);
        FixIpChecksum(ip, old, now);
    }

    private void SetTransportPort(int at, ushort value)
    {
        if (!TryIp(out int ip, out int transport) || ChecksumAt(ip, transport) < 0)
            return;
        ushort old = U16(transport + at);
        BinaryPrimitives.WriteUInt16BigEndian(Bytes[(transport + at)..], value);
        FixTransportChecksum(ip, transport, old, value);
    }

    // Where the IPv4 header starts, and its payload: -1 for a later fragment, which has no transport header.
    private bool TryIp(out int ip, out int transport)
    {
        transport = -1;
        ip = IsTagged ? 18 : 14;
        if (Bytes.Length < ip + 20 || U16(ip - 2) != EtherTypes.Ipv4 || Bytes[ip] >> 4 != 4)
            return false;
        int header = (Bytes[ip] & 15) * 4;
        if (header < 20 || Bytes.Length < ip + header)
            return false;
        if ((U16(ip + 6) & 0x1fff) == 0)
            transport = ip + header;
        return true;
    }

    // Offset of the TCP or UDP checksum, -1 when there is no whole header of either.
    private int ChecksumAt(int ip, int transport)
    {
        if (transport < 0)
            return -1;
        return Bytes[ip + 9] switch
        {
            IpProtocols.Tcp when Bytes.Length >= transport + 20 => transport + 16,
            IpProtocols.Udp when Bytes.Length >= transport + 8 => transport + 6,
            _ => -1,
        };
    }

    private void FixIpChecksum(int ip, ushort old, ushort now) => WriteChecksum(ip + 10, InternetChecksum.Update(U16(ip + 10), old, now));

    private void FixTransportChecksum(int ip, int transport, ushort old, ushort now)
    {
        int at = ChecksumAt(ip, transport);
        if (at < 0)
            return;
        bool udp = Bytes[ip + 9] == IpProtocols.Udp;
        if (udp && U16(at) == 0)
            return;
        ushort sum = InternetChecksum.Update(U16(at), old, now);
        WriteChecksum(at, udp && sum == 0 ? (ushort)0xffff : sum);
    }

    private void WriteChecksum(int at, ushort value) => BinaryPrimitives.WriteUInt16BigEndian(Bytes[at..], value);
}
