using System.Collections.Concurrent;
using NetServ.Controller.Core.Modules;

namespace NetServ.Controller.Decisions;

/// <summary>Requests whose answer is awaited, by ticket.</summary>
public sealed class PendingRequests
{
    private readonly ConcurrentDictionary<long, TaskCompletionSource<RequestOutcome>> _waiting = new();
    private long _last;

    /// <summary>A new ticket and its answer to be.</summary>
    public (long Ticket, Task<RequestOutcome> Answer) Open()
    {
        long ticket = Interlocked.Increment(ref _last);
        TaskCompletionSource<RequestOutcome> answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _waiting[ticket] = answer;
        return (ticket, answer.Task);
    }

    /// <summary>Gives the answer.</summary>
    public void Answer(long ticket, RequestOutcome outcome)
    {
        if (_waiting.TryRemove(ticket, out TaskCompletionSource<RequestOutcome>? answer))
            answer.TrySetResult(outcome);
    }
}
