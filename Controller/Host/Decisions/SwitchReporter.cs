using System.Collections.Concurrent;
using System.Security.Cryptography;
using NetServ.Controller.Core;
using NetServ.Controller.Core.Sessions;
using NetServ.Controller.OpenFlow;

namespace NetServ.Controller.Decisions;

/// <summary>Carries what switches say to Core, and answers of cleaned switches to who asked.</summary>
public sealed class SwitchReporter(CoreLoop core, TimeProvider clock, ILogger<SwitchReporter> logger) : ISwitchEvents
{
    private readonly ConcurrentDictionary<long, TaskCompletionSource<SessionEvent.Cleaned>> _cleaning = new();
    private readonly ConcurrentDictionary<long, TaskCompletionSource<SessionEvent.RulesRead>> _reading = new();
    private readonly LogBudget _endings = new(clock);
    private long _lastToken;

    /// <summary>A token for a clean and its answer to be.</summary>
    public (long Token, Task<SessionEvent.Cleaned> Answer) OpenClean()
    {
        long token = Interlocked.Increment(ref _lastToken);
        TaskCompletionSource<SessionEvent.Cleaned> answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _cleaning[token] = answer;
        return (token, answer.Task);
    }

    /// <summary>A token for a reading of a switch's rules and its answer to be.</summary>
    public (long Token, Task<SessionEvent.RulesRead> Answer) OpenReading()
    {
        long token = Interlocked.Increment(ref _lastToken);
        TaskCompletionSource<SessionEvent.RulesRead> answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _reading[token] = answer;
        return (token, answer.Task);
    }

    /// <inheritdoc/>
    public void Said(SwitchConnection connection, SessionEvent said)
    {
        if (said is SessionEvent.Cleaned cleaned && _cleaning.TryRemove(cleaned.Token, out TaskCompletionSource<SessionEvent.Cleaned>? answer))
            answer.TrySetResult(cleaned);
        if (said is SessionEvent.RulesRead read)
        {
            if (_reading.TryRemove(read.Token, out TaskCompletionSource<SessionEvent.RulesRead>? reader))
                reader.TrySetResult(read);
            return;
        }
        bool callsForRandom = said is SessionEvent.AttachmentSeen or SessionEvent.Ready or SessionEvent.PortsChanged;
        byte[] random = callsForRandom ? RandomNumberGenerator.GetBytes(16) : [];
        core.Tell(new CoreInput.SwitchReported(connection.Id, connection.Peer, said, [.. random]));
    }

    /// <inheritdoc/>
    public void Ended(SwitchConnection connection, string reason)
    {
        Log(reason);
        core.Tell(new CoreInput.SwitchGone(connection.Id, reason));
    }

    /// <inheritdoc/>
    public void Refused(string reason) => Log(reason);

    // Whoever connects in a loop must not fill the disk.
    private void Log(string reason)
    {
        if (!_endings.TryTake(out long left))
            return;
        if (left > 0)
            HostLog.EndingsLeftOut(logger, left);
        HostLog.ConnectionEnded(logger, reason);
    }
}
