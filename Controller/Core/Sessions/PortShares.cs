using System.Buffers.Binary;
using NetServ.OpenFlow;

namespace NetServ.Controller.Core.Sessions;

/// <summary>
/// For a session that is behind while others wait: where one port floods, its PACKET_INs are cut to what is fair among the ports of what was read
/// (max-min: what the others do not need is left to it), so that the others' get through. Without a flood nothing is left out. One for a loop.
/// </summary>
public sealed class PortShares
{
    private const int InPortAt = 14;

    private readonly int[] _counts = new int[ushort.MaxValue + 1];
    private readonly List<ushort> _ports = [];
    private int _cap = int.MaxValue;

    /// <summary>Looks at what was read, beginning with a whole message.</summary>
    /// <returns>Whether a port floods, so that <see cref="Takes"/> has to be asked.</returns>
    public bool Measure(ReadOnlySpan<byte> bytes)
    {
        Forget();
        int total = 0, most = 0;
        while (Framing.TryReadFrame(ref bytes, out ReadOnlySpan<byte> message, out _))
        {
            if (!TryReadPort(message, out ushort port))
                continue;
            if (_counts[port]++ == 0)
                _ports.Add(port);
            most = Math.Max(most, _counts[port]);
            total++;
        }
        if (_ports.Count < 2 || most <= total / 4 * 3)
            return false;
        _cap = FairShare(total / 4);
        foreach (ushort port in _ports)
            _counts[port] = 0;
        return true;
    }

    /// <summary>Whether a message is within its port's share; messages other than PACKET_IN are.</summary>
    public bool Takes(ReadOnlySpan<byte> message, out ushort port) => !TryReadPort(message, out port) || ++_counts[port] <= _cap;

    // The level to which a budget fills all ports, those that need less being satisfied.
    private int FairShare(int budget)
    {
        _ports.Sort((a, b) => _counts[a].CompareTo(_counts[b]));
        for (int i = 0; i < _ports.Count; i++)
        {
            int level = budget / (_ports.Count - i);
            if (_counts[_ports[i]] > level)
                return Math.Max(level, 1);
            budget -= _counts[_ports[i]];
        }
        return int.MaxValue;
    }

    private void Forget()
    {
        foreach (ushort port in _ports)
            _counts[port] = 0;
        _ports.Clear();
    }

    private static bool TryReadPort(ReadOnlySpan<byte> message, out ushort port)
    {
        bool isPacketIn = message.Length >= InPortAt + 2 && message[1] == (byte)MessageType.PacketIn;
        port = isPacketIn ? BinaryPrimitives.ReadUInt16BigEndian(message[InPortAt..]) : (ushort)0;
        return isPacketIn;
    }
}
