using System.Buffers.Binary;
using NetServ.Modules.Abstractions;
using NetServ.Packets;

namespace NetServ.Modules.Mark;

/// <summary>
/// Marks each packet once per pass, so that whoever sees it later can tell how often it was processed. A UDP payload that has <c>stamp=NN</c>
/// (two decimal digits) within its first 512 bytes gets NN + 1; any other IPv4 packet gets its DSCP + 1. Both stop at their highest value.
/// Property <c>stamp</c>: <c>payload</c>, <c>dscp</c>, or <c>auto</c> (the default, as above). Counters: <c>marked</c>, <c>unmarked</c>.
/// </summary>
public sealed class MarkModule : IModule
{
    private const int SearchLength = 512;
    private bool _payload = true;
    private bool _dscp = true;
    private long _marked;
    private long _unmarked;

    /// <inheritdoc/>
    public void Start(ModuleContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        string stamp = context.Properties.GetValueOrDefault("stamp", "auto");
        if (stamp is not ("payload" or "dscp" or "auto"))
            throw new ArgumentException($"property stamp is '{stamp}'; use payload, dscp or auto");
        _payload = stamp != "dscp";
        _dscp = stamp != "payload";
    }

    /// <inheritdoc/>
    public Verdict Process(ref Packet packet, IEmitter emitter)
    {
        if ((_payload && MarkPayload(ref packet)) || (_dscp && MarkDscp(ref packet)))
            Volatile.Write(ref _marked, _marked + 1);
        else
            Volatile.Write(ref _unmarked, _unmarked + 1);
        return Verdict.Pass;
    }

    /// <inheritdoc/>
    public void Stop()
    {
    }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, long> ReadCounters() => new Dictionary<string, long>
    {
        ["marked"] = Volatile.Read(ref _marked),
        ["unmarked"] = Volatile.Read(ref _unmarked),
    };

    private static bool MarkPayload(ref Packet packet)
    {
        if (!packet.IsUdp)
            return false;
        Span<byte> payload = packet.Payload;
        int at = payload[..Math.Min(payload.Length, SearchLength)].IndexOf("stamp="u8) + 6;
        if (at < 6 || at + 2 > payload.Length || !char.IsAsciiDigit((char)payload[at]) || !char.IsAsciiDigit((char)payload[at + 1]))
            return false;
        int value = Math.Min((payload[at] - '0') * 10 + payload[at + 1] - '0' + 1, 99);
        Span<byte> udp = packet.Frame[packet.TransportOffset..];
        int first = packet.PayloadOffset + at - packet.TransportOffset;
        ushort checksum = BinaryPrimitives.ReadUInt16BigEndian(udp[6..]);
        Replace(udp, first, (byte)('0' + value / 10), ref checksum);
        Replace(udp, first + 1, (byte)('0' + value % 10), ref checksum);
        // RFC 768: 0 says that there is no checksum, so a sum of 0 is sent as all ones.
        if (udp[6] != 0 || udp[7] != 0)
            BinaryPrimitives.WriteUInt16BigEndian(udp[6..], checksum == 0 ? (ushort)0xffff : checksum);
        return true;
    }

    private static bool MarkDscp(ref Packet packet)
    {
        if (!packet.IsIpv4)
            return false;
        Span<byte> ip = packet.Frame[packet.NetworkOffset..];
        Ipv4View.SetTos(ip, ip[1] >= 0xfc ? ip[1] : (byte)(ip[1] + 4));
        return true;
    }

    private static void Replace(Span<byte> summed, int at, byte value, ref ushort checksum)
    {
        int shift = (at & 1) == 0 ? 8 : 0;
        checksum = InternetChecksum.Update(checksum, (ushort)(summed[at] << shift), (ushort)(value << shift));
        summed[at] = value;
    }
}
