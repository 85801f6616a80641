using System.Globalization;
using NetServ.System.Tests.Support;

namespace NetServ.System.Tests.Restart;

/// <summary>Marked packets of a few flows at a steady pace, and what of them comes out, read as it comes.</summary>
internal sealed class Stream : IAsyncDisposable
{
    private const int Flows = 4;
    private static readonly TimeSpan s_between = TimeSpan.FromMilliseconds(4);

    private readonly Host _from;
    private readonly Host _to;
    private readonly ushort _port;
    private readonly List<string> _got = [];
    private readonly Thread _sender;
    private readonly Thread _reader;
    private volatile bool _sending = true;
    private volatile bool _reading = true;
    private volatile int _sent;

    public Stream(Host from, Host to, ushort port)
    {
        (_from, _to, _port) = (from, to, port);
        _sender = new Thread(Send);
        _reader = new Thread(Read);
        _reader.Start();
        _sender.Start();
    }

    /// <summary>Packets sent so far.</summary>
    public int Sent => _sent;

    /// <summary>Waits until so many more were sent.</summary>
    public void Pass(int packets)
    {
        for (int until = _sent + packets; _sent < until;)
            Thread.Yield();
    }

    /// <summary>Ends it; what came out, in order.</summary>
    public IReadOnlyList<string> Finish()
    {
        _sending = false;
        _sender.Join();
        for (long until = Environment.TickCount64 + 2000; Environment.TickCount64 < until && Got() < _sent;)
            Thread.Yield();
        _reading = false;
        _reader.Join();
        return _got;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _sending = _reading = false;
        _sender.Join();
        _reader.Join();
        return ValueTask.CompletedTask;
    }

    private int Got()
    {
        lock (_got)
            return _got.Count;
    }

    private void Send()
    {
        using PeriodicTimer pace = new(s_between);
        while (_sending && pace.WaitForNextTickAsync().AsTask().Result)
        {
            _from.Send(_to, _port, string.Create(CultureInfo.InvariantCulture, $"stamp=00 {_sent}"), (ushort)(41_000 + _sent % Flows));
            _sent++;
        }
    }

    private void Read()
    {
        while (_reading)
        {
            if (_to.Receive(_port, TimeSpan.FromMilliseconds(100)) is not { Length: > 0 } text)
                continue;
            lock (_got)
                _got.Add(text);
        }
    }
}
