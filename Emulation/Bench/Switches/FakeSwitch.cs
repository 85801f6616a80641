using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using NetServ.Bench.Loop;
using NetServ.Bench.Options;
using NetServ.OpenFlow;

namespace NetServ.Bench.Switches;

/// <summary>One connection to the controller: sends PACKET_INs at its pace and counts what comes back.</summary>
internal sealed class FakeSwitch : IDisposable
{
    private const int MostPerWrite = 256 * 1024;

    private readonly BenchOptions _options;
    private readonly Socket _socket;
    private byte[] _kept = [];
    private Traffic? _traffic;
    private int _at;
    private bool _outstanding;
    private bool _probed;
    private long _sentAt;
    private uint _echo;

    /// <summary>Begins to connect.</summary>
    public FakeSwitch(int index, BenchOptions options, bool probes)
    {
        Index = index;
        _options = options;
        _probed = !probes;
        Side = new SwitchSide(index, options.Ports, options.Buffers);
        Answers = new AnswerCounter(Side);
        _socket = new Socket(options.Target.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { Blocking = false, NoDelay = true };
        SocketAddress address = options.Target.Serialize();
        byte[] bytes = address.Buffer[..address.Size].ToArray();
        if (Libc.Connect(_socket.SafeHandle, bytes, (uint)bytes.Length) < 0 && Marshal.GetLastPInvokeError() is { } error and not Libc.InProgress)
        {
            _socket.Dispose();
            throw Unreachable(Marshal.GetPInvokeErrorMessage(error));
        }
    }

    /// <summary>Number of the switch.</summary>
    public int Index { get; }

    /// <summary>For the poller.</summary>
    public SafeHandle Handle => _socket.SafeHandle;

    /// <summary>The protocol but for PACKET_INs.</summary>
    public SwitchSide Side { get; }

    /// <summary>What came back.</summary>
    public AnswerCounter Answers { get; }

    /// <summary>PACKET_INs sent, announcements not counted.</summary>
    public long Sent { get; private set; }

    /// <summary>PACKET_INs given up, as no answer came within the time for it.</summary>
    public long GivenUp { get; private set; }

    /// <summary>How PACKET_INs are sent.</summary>
    public Pace Pace { get; set; }

    /// <summary>Where round trips are noted.</summary>
    public LatencyHistogram? RoundTrips { get; set; }

    /// <summary>Whether TCP has connected.</summary>
    public bool IsConnected { get; private set; }

    /// <summary>What it waits for.</summary>
    public Goal Goal { get; set; }

    /// <summary>Whether writing now would send something.</summary>
    public bool WantsToWrite => !IsConnected || Side.Output.Pending.Length > 0 || NextPacketIn().Length > 0;

    /// <summary>Whether writability was asked for.</summary>
    public bool IsWatchedForWriting { get; set; } = true;

    /// <summary>Whether it has what it waits for.</summary>
    public bool IsAtGoal => Goal switch
    {
        Goal.Barrier => Side.SawBarrier,
        Goal.Features => Side.SentFeatures,
        Goal.Forwarded => Answers.HasForwarded,
        Goal.Echo => Side.EchoReplied == _echo,
        _ => false,
    };

    /// <summary>Sends an ECHO_REQUEST and waits for its reply.</summary>
    public void AskForEcho()
    {
        Goal = Goal.Echo;
        Side.Output.Write(new EchoRequest { Xid = ++_echo });
    }

    /// <summary>Makes all hosts known, and asks for an echo behind.</summary>
    public void Announce()
    {
        for (int host = 0; host < _options.Macs; host++)
            AnnounceHost(host);
        AskForEcho();
    }

    /// <summary>Builds the PACKET_INs.</summary>
    public void Prepare() => _traffic = new Traffic(Index, _options, Side.MissSendLength);

    /// <summary>Reads once and handles it.</summary>
    /// <param name="buffer">At least a message longer than what is read at once.</param>
    /// <param name="size">What is read at once.</param>
    public void Read(byte[] buffer, int size)
    {
        int kept = _kept.Length;
        _kept.CopyTo(buffer, 0);
        int count = _socket.Receive(buffer.AsSpan(kept, size), SocketFlags.None, out SocketError error);
        if (error == SocketError.WouldBlock)
            return;
        if (error != SocketError.Success || count == 0)
            throw Lost(error == SocketError.Success ? "closed the connection" : $"broke the connection ({error})");
        int whole = Answers.Walk(buffer.AsSpan(0, kept + count), Sent);
        Keep(buffer.AsSpan(whole, kept + count - whole));
        if (!_probed && Side.SentFeatures)
            AnnounceHost(0);
        _probed |= Side.SentFeatures;
        if (_outstanding && Answers.Answers + GivenUp >= Sent)
            NoteRoundTrip();
    }

    /// <summary>Writes until it has nothing more to say or has had its turn.</summary>
    public void Write()
    {
        if (!IsConnected)
            FinishConnecting();
        while (true)
        {
            ReadOnlySpan<byte> packets = NextPacketIn();
            bool atBoundary = _traffic is null || _at % _traffic.MessageSize == 0;
            if (Side.Output.Pending.Length > 0 && atBoundary)
            {
                int sent = Send(Side.Output.Pending);
                if (sent == 0)
                    return;
                Side.Output.Sent(sent);
            }
            else if (packets.Length == 0 || !TrySendPacketIns(packets))
            {
                return;
            }
        }
    }

    /// <summary>Gives up waiting for an answer that did not come within <paramref name="patience"/>, so that the next PACKET_IN goes.</summary>
    public void LosePatience(TimeSpan patience)
    {
        if (!_outstanding || Stopwatch.GetElapsedTime(_sentAt) < patience)
            return;
        _outstanding = false;
        GivenUp = Sent - Answers.Answers;
    }

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();

    private void NoteRoundTrip()
    {
        _outstanding = false;
        RoundTrips?.Add(Stopwatch.GetTimestamp() - _sentAt);
    }

    // Up to the next boundary only while there is something else to say, or nothing at all.
    private ReadOnlySpan<byte> NextPacketIn()
    {
        if (_traffic is null)
            return default;
        int begun = _at % _traffic.MessageSize;
        if (Pace == Pace.Flood && Side.Output.Pending.Length == 0)
            return _traffic.Lap.AsSpan(_at, Math.Min(_traffic.Lap.Length - _at, MostPerWrite));
        if (begun > 0 || (Pace == Pace.OneByOne && !_outstanding))
            return _traffic.Lap.AsSpan(_at, _traffic.MessageSize - begun);
        return default;
    }

    // Returns whether there may be more to do in this turn.
    private bool TrySendPacketIns(ReadOnlySpan<byte> packets)
    {
        int size = _traffic!.MessageSize;
        if (Pace == Pace.OneByOne && _at % size == 0)
            (_outstanding, _sentAt) = (true, Stopwatch.GetTimestamp());
        int sent = Send(packets);
        if (sent == 0)
        {
            _outstanding &= _at % size != 0;
            return false;
        }
        Sent += (_at % size + sent) / size;
        _at += sent;
        if (_at == _traffic.Lap.Length)
        {
            _at = 0;
            _traffic.Renew();
        }
        return sent == packets.Length && Pace != Pace.Flood;
    }

    private int Send(ReadOnlySpan<byte> bytes)
    {
        int sent = _socket.Send(bytes, SocketFlags.None, out SocketError error);
        if (error is not (SocketError.Success or SocketError.WouldBlock))
            throw Lost($"broke the connection ({error})");
        return error == SocketError.Success ? sent : 0;
    }

    private void Keep(ReadOnlySpan<byte> rest)
    {
        if (rest.Length > 0 || _kept.Length > 0)
            _kept = rest.ToArray();
    }

    private void AnnounceHost(int host)
    {
        const int Most = 128;
        Side.Output.Advance(Traffic.WriteAnnouncement(Side.Output.Reserve(Most), Index, host, _options.Ports));
    }

    private void FinishConnecting()
    {
        int error = (int)_socket.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.Error)!;
        if (error != 0)
            throw Unreachable(new SocketException(error).Message);
        IsConnected = true;
    }

    private ControllerFaultException Unreachable(string why) => new($"cannot connect to {_options.Target}: {why}; is a controller listening there?");

    private ControllerFaultException Lost(string how)
    {
        string when = !Side.HasGreeted ? "before its HELLO" : !Side.SentFeatures ? "before its FEATURES_REQUEST" : $"after {Sent} PACKET_INs and {Answers.Answers} answers";
        return new ControllerFaultException($"the controller at {_options.Target} {how} to switch {Index} (datapath id {Side.DatapathId:x16}) {when}");
    }
}
