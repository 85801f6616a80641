using NetServ.OpenFlow;

namespace NetServ.Emulation.Switch;

public sealed partial class SwitchConnection
{
    private (uint Xid, TimeSpan Due)? _barrier;

    // What comes behind a barrier waits with it (OpenFlow 1.0.0 section 5.3.7).
    private bool IsHeld => _barrier is not null;

    private ErrorCode? Answer(in BarrierRequest request)
    {
        if (_switch.BarrierDue() is { } due)
            _barrier = (request.Xid, due);
        else
            Output.Append(new BarrierReply(request.Xid));
        return null;
    }

    private void Release(TimeSpan now)
    {
        if (_barrier is not { } barrier || now < barrier.Due)
            return;
        _barrier = null;
        Output.Append(new BarrierReply(barrier.Xid));
        ReadOnlySpan<byte> waiting = _partial.AsSpan(0, _partialLength);
        ReadMessages(ref waiting, now);
        Keep(waiting);
    }
}
