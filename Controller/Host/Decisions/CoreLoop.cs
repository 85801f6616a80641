using System.Threading.Channels;
using NetServ.Controller.Core;

namespace NetServ.Controller.Decisions;

/// <summary>
/// Feeds Core: one reader takes inputs from all threads in their order, and what Core wants done is handed to <see cref="EffectDispatcher"/> before
/// the next input.
/// </summary>
public sealed class CoreLoop : IAsyncDisposable
{
    private static readonly TimeSpan s_tick = TimeSpan.FromMilliseconds(25);

    private readonly Channel<object> _inputs = Channel.CreateUnbounded<object>(new UnboundedChannelOptions { SingleReader = true });
    private readonly ControllerCore _core;
    private readonly EffectDispatcher _dispatcher;
    private readonly TimeProvider _clock;
    private readonly ILogger<CoreLoop> _logger;
    private readonly long _start;
    private readonly CancellationTokenSource _stop = new();
    private Task _running = Task.CompletedTask;

    /// <summary>A loop that does nothing before <see cref="Start"/>.</summary>
    public CoreLoop(ControllerCore core, EffectDispatcher dispatcher, TimeProvider clock, ILogger<CoreLoop> logger)
    {
        _core = core;
        _dispatcher = dispatcher;
        _clock = clock;
        _logger = logger;
        _start = clock.GetTimestamp();
    }

    /// <summary>Milliseconds since the loop was made, the time that Core sees.</summary>
    public long Now => (long)_clock.GetElapsedTime(_start).TotalMilliseconds;

    /// <summary>Begins.</summary>
    public void Start() => _running = Task.WhenAll(RunAsync(), TickAsync());

    /// <summary>Tells Core something; from any thread.</summary>
    public void Tell(CoreInput input) => _inputs.Writer.TryWrite(input);

    /// <summary>Reads Core's state between two inputs.</summary>
    public Task<T> InspectAsync<T>(Func<ControllerCore, T> look)
    {
        TaskCompletionSource<T> done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Action item = () => done.SetResult(look(_core));
        if (!_inputs.Writer.TryWrite(item))
            done.SetCanceled();
        return done.Task;
    }

    /// <summary>Ends after the inputs that are there.</summary>
    public async ValueTask DisposeAsync()
    {
        _inputs.Writer.TryComplete();
        await _stop.CancelAsync();
        await _running;
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        await foreach (object item in _inputs.Reader.ReadAllAsync(CancellationToken.None))
        {
            try
            {
                if (item is CoreInput input)
                    _dispatcher.Dispatch(_core.Apply(input, Now));
                else
                    ((Action)item)();
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                // One bad input must not end all decisions.
                HostLog.InputFailed(_logger, item.GetType().Name, e);
            }
        }
    }

    private async Task TickAsync()
    {
        using PeriodicTimer timer = new(s_tick, _clock);
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token))
                Tell(new CoreInput.Tick());
        }
        catch (OperationCanceledException)
        {
            // The end.
        }
    }
}
