using System.Buffers.Binary;
using System.Buffers.Text;
using System.Diagnostics;
using System.Text;
using NetServ.Packets;
using NetServ.Ports;
using NetServ.System.Tests.Support;

namespace NetServ.System.Tests.Scale;

/// <summary>
/// UDP packets of many flows from one host to another at a steady pace, numbered through: packet n is of flow n mod flows. What arrives is noted by
/// number as it comes.
/// </summary>
internal sealed class PacedTraffic : IDisposable
{
    public const ushort FirstSource = 40_000;

    private const int UsuallyMost = 2_000_000;
    private const int Burst = 64;
    private const int NumberDigits = 8;
    private const int StampAt = Frames.UdpOverhead + 6;
    private const int NumberAt = Frames.UdpOverhead + 9;
    private const int ChecksumAt = Frames.UdpOverhead - 2;
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(200);

    private readonly Host _from;
    private readonly Host _to;
    private readonly ushort _port;
    private readonly byte[][] _frames;
    private readonly long[] _sentAt;
    private readonly byte[] _copies;
    private readonly byte[] _stamps;
    private readonly bool[] _late;
    private readonly int[] _last;
    private readonly ManualResetEvent _stop = new(false);
    private readonly Thread _reader;
    private volatile bool _reading = true;
    private volatile int _sent;
    private volatile int _arrived;

    /// <summary>Begins to listen.</summary>
    /// <param name="from">Who sends.</param>
    /// <param name="to">Who receives.</param>
    /// <param name="port">To which port.</param>
    /// <param name="flows">Flows, each with a source port of its own.</param>
    /// <param name="most">Packets that there is room to note.</param>
    public PacedTraffic(Host from, Host to, ushort port, int flows, int most = UsuallyMost)
    {
        (_from, _to, _port) = (from, to, port);
        (_sentAt, _copies, _stamps, _late) = (new long[most], new byte[most], new byte[most], new bool[most]);
        _frames = [.. Enumerable.Range(0, flows).Select(FrameOf)];
        _last = new int[flows];
        Array.Fill(_last, -1);
        _reader = new Thread(Read) { Name = "receiver", Priority = ThreadPriority.Highest };
        _reader.Start();
    }

    public int Flows => _frames.Length;

    /// <summary>Sends at a pace and nothing else happens.</summary>
    public Task<Passage> PassAsync(int pps, TimeSpan time) => PassAsync(pps, time, static () => Task.CompletedTask, TimeSpan.Zero);

    /// <summary>Sends at a pace while something happens and until it has, then a while more; says which packets that were.</summary>
    /// <param name="pps">Packets per second of all flows together.</param>
    /// <param name="before">How long before it.</param>
    /// <param name="happens">What happens.</param>
    /// <param name="after">How long after it.</param>
    public async Task<Passage> PassAsync(int pps, TimeSpan before, Func<Task> happens, TimeSpan after)
    {
        int first = _sent;
        _stop.Reset();
        Thread sender = new(() => Send(pps)) { Name = "sender", Priority = ThreadPriority.Highest };
        long start = Stopwatch.GetTimestamp();
        using Pulse pulse = new();
        sender.Start();
        long happened;
        try
        {
            await Task.Run(() => _stop.WaitOne(before));
            happened = Stopwatch.GetTimestamp();
            await happens();
            await Task.Run(() => _stop.WaitOne(after));
        }
        finally
        {
            _stop.Set();
            sender.Join();
        }
        TimeSpan took = Stopwatch.GetElapsedTime(start);
        bool wasStalled = pulse.WasStalled;
        await SettleAsync();
        return new Passage(this, first, _sent, happened, took, wasStalled);
    }

    /// <summary>When a packet was sent, by <see cref="Stopwatch"/>.</summary>
    public long SentAt(int number) => _sentAt[number];

    /// <summary>How often it arrived.</summary>
    public int Copies(int number) => _copies[number];

    /// <summary>How often modules processed it, as it arrived last.</summary>
    public int Stamp(int number) => _stamps[number];

    /// <summary>Whether it arrived after a later one of its flow.</summary>
    public bool IsLate(int number) => _late[number];

    /// <inheritdoc/>
    public void Dispose()
    {
        _reading = false;
        _reader.Join();
        _stop.Dispose();
    }

    // What is under way arrives, or nothing more comes.
    private async Task SettleAsync()
    {
        using PeriodicTimer look = new(s_look);
        for (int before = -1; _arrived < _sent && before != _arrived;)
        {
            before = _arrived;
            await look.WaitForNextTickAsync();
        }
    }

    private byte[] FrameOf(int flow)
    {
        byte[] payload = Encoding.ASCII.GetBytes("stamp=00 " + new string('0', NumberDigits));
        byte[] frame = new byte[Frames.UdpOverhead + payload.Length];
        Frames.WriteUdp(frame, _from.Mac, _to.Mac, _from.Address, _to.Address, (ushort)(FirstSource + flow), _port, payload);
        // RFC 768: zero says that there is no checksum, so that the number may change.
        frame.AsSpan(ChecksumAt, 2).Clear();
        return frame;
    }

    private void Send(int pps)
    {
        FrameBatch batch = new(Burst);
        long start = Stopwatch.GetTimestamp();
        double skipped = 0;
        for (int first = _sent; !_stop.WaitOne(1);)
        {
            double due = Stopwatch.GetElapsedTime(start).TotalSeconds * pps - skipped - (_sent - first);
            // After a stall the arrears are not sent: the pace is a promise.
            skipped += Math.Max(0, due - Burst);
            batch.Clear();
            for (int i = 0; i < Math.Min(due, Burst) && _sent + i < _sentAt.Length; i++)
                Add(batch, _sent + i);
            if (batch.Count == 0)
                continue;
            long now = Stopwatch.GetTimestamp();
            Array.Fill(_sentAt, now, _sent, batch.Count);
            _sent += batch.Count;
            _from.Port.Send(batch);
        }
    }

    private void Add(FrameBatch batch, int number)
    {
        byte[] frame = _frames[number % _frames.Length];
        Utf8Formatter.TryFormat(number, frame.AsSpan(NumberAt), out _, new global::System.Buffers.StandardFormat('X', NumberDigits));
        batch.TryAdd(frame);
    }

    private void Read()
    {
        FrameBatch batch = new();
        while (_reading)
        {
            _to.Port.Receive(batch, TimeSpan.FromMilliseconds(100));
            for (int i = 0; i < batch.Count; i++)
                Take(batch[i]);
        }
    }

    private void Take(ReadOnlySpan<byte> frame)
    {
        if (!IsOurs(frame) || !Utf8Parser.TryParse(frame.Slice(NumberAt, NumberDigits), out int number, out _, 'X') || number >= _sent)
            return;
        ref int last = ref _last[number % _frames.Length];
        _late[number] = number < last;
        last = Math.Max(last, number);
        if (_copies[number]++ == 0)
            _arrived++;
        _stamps[number] = (byte)((frame[StampAt] - '0') * 10 + frame[StampAt + 1] - '0');
    }

    private bool IsOurs(ReadOnlySpan<byte> frame) => frame.Length >= NumberAt + NumberDigits
        && BinaryPrimitives.ReadUInt16BigEndian(frame[12..]) == 0x0800
        && frame[23] == IpProtocols.Udp
        && BinaryPrimitives.ReadUInt16BigEndian(frame[(Frames.UdpOverhead - 6)..]) == _port
        && MacAddress.Read(frame) == _to.Mac;
}
