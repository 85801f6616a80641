using NetServ.OpenFlow;

namespace NetServ.Emulation.Switch;

/// <summary>
/// One controller's connection to an <see cref="EmulatedSwitch"/>: bytes of the controller come in by <see cref="OnBytes"/>, what it shall get
/// waits in <see cref="Output"/>. A message that is refused is answered by an error and the connection goes on; only a lost framing or a
/// failed HELLO ends it.
/// </summary>
public sealed partial class SwitchConnection
{
    // At least 64 bytes of the message at fault belong into an error (OpenFlow 1.0.0 section 5.4.4).
    private const int ErrorDataLength = 64;

    private readonly EmulatedSwitch _switch;
    private readonly bool _passive;
    private byte[] _partial = [];
    private int _partialLength;
    private TimeSpan _heard;
    private bool _asked;
    private uint _nextXid = 1;

    internal SwitchConnection(EmulatedSwitch owner, TimeSpan now, bool passive)
    {
        _switch = owner;
        _passive = passive;
        _heard = now;
        MissSendLength = passive ? (ushort)0 : DefaultMissSendLength;
        Output.Append(new Hello { Xid = NextXid() });
    }

    /// <summary>Bytes of a frame that a miss sends before SET_CONFIG says otherwise (OFP_DEFAULT_MISS_SEND_LEN).</summary>
    public const ushort DefaultMissSendLength = 128;

    /// <summary>What waits to be sent to the controller.</summary>
    public OutputBuffer Output { get; } = new();

    /// <summary>Whether the controller's HELLO has come and versions agree.</summary>
    public bool IsUp { get; private set; }

    /// <summary>Whether it is over; what waits in <see cref="Output"/> may still be sent.</summary>
    public bool IsClosed { get; private set; }

    /// <summary>Why it is over; null while it is not, or when it was closed from outside without a reason.</summary>
    public string? CloseReason { get; private set; }

    /// <summary>What the controller may do.</summary>
    public NiciraRole Role { get; internal set; } = NiciraRole.Other;

    /// <summary>Errors sent to the controller.</summary>
    public int ErrorsSent { get; private set; }

    internal ushort MissSendLength { get; private set; }

    /// <summary>What a Nicira "controller" action calls this connection by; other PACKET_INs go to those that have 0.</summary>
    internal ushort ControllerId { get; private set; }

    internal bool WantsPacketIns => IsUp && Role != NiciraRole.Secondary && (!_passive || MissSendLength > 0);

    internal TimeSpan? NextDeadline => _barrier is { } barrier && !IsClosed && !(KeepaliveDue < barrier.Due) ? barrier.Due : KeepaliveDue;

    private TimeSpan? KeepaliveDue => IsClosed || _switch.Options.Keepalive is not { } keepalive ? null : _heard + (_asked ? keepalive + keepalive : keepalive);

    /// <summary>Bytes of the controller, cut anywhere.</summary>
    public void OnBytes(ReadOnlySpan<byte> bytes, TimeSpan now)
    {
        if (IsClosed)
            return;
        _switch.Expire(now);
        Release(now);
        _heard = now;
        _asked = false;
        if (_partialLength > 0)
            bytes = Join(bytes);
        ReadMessages(ref bytes, now);
        Keep(bytes);
    }

    /// <summary>The connection is gone or shall go; its role and settings go with it.</summary>
    public void Close(string? reason = null)
    {
        if (IsClosed)
            return;
        if (IsUp && !_passive)
            _switch.ControllerDown();
        IsClosed = true;
        IsUp = false;
        CloseReason = reason;
        _switch.Forget(this);
    }

    internal void Tick(TimeSpan now)
    {
        Release(now);
        if (KeepaliveDue is not { } due || now < due)
            return;
        if (_asked)
        {
            Close($"the controller was silent for {(now - _heard).TotalSeconds:0.#} s");
            return;
        }
        _asked = true;
        Output.Append(new EchoRequest { Xid = NextXid() });
    }

    private uint NextXid() => _nextXid++;

    private void ReadMessages(ref ReadOnlySpan<byte> bytes, TimeSpan now)
    {
        while (!IsClosed && !IsHeld)
        {
            ReadOnlySpan<byte> before = bytes;
            if (Framing.TryReadFrame(ref bytes, out ReadOnlySpan<byte> message, out DecodeError error))
            {
                Handle(message, now);
                continue;
            }
            if (error.Code == DecodeErrorCode.None)
                return;
            Refuse(before, error.Answer);
            Close(error.ToString());
        }
    }

    // The part of a message that came before, and what has come now.
    private ReadOnlySpan<byte> Join(ReadOnlySpan<byte> bytes)
    {
        int length = _partialLength + bytes.Length;
        if (_partial.Length < length)
            Array.Resize(ref _partial, Math.Max(length, _partial.Length * 2));
        bytes.CopyTo(_partial.AsSpan(_partialLength));
        return _partial.AsSpan(0, length);
    }

    private void Keep(ReadOnlySpan<byte> rest)
    {
        if (_partial.Length < rest.Length)
            _partial = new byte[Math.Max(rest.Length, 4096)];
        rest.CopyTo(_partial);
        _partialLength = rest.Length;
    }

    private void Refuse(ReadOnlySpan<byte> message, ErrorCode error)
    {
        uint xid = Header.TryRead(message, out Header header) ? header.Xid : 0;
        ErrorsSent++;
        Output.Append(new ErrorMessage { Xid = xid, Error = error, Data = message[..Math.Min(message.Length, ErrorDataLength)] });
    }
}
