using NetServ.Controller.Core.Forwarding;
using NetServ.Controller.Core.Sessions;
using NetServ.Controller.Core.Switches;
using NetServ.Controller.OpenFlow.Polling;

namespace NetServ.Controller.OpenFlow;

/// <summary>One turn after the other.</summary>
public sealed partial class SwitchLoop
{
    private void Run()
    {
        _poller.Add(_wake.Socket, WakeToken);
        _listeners.AddTo(_poller);
        while (!_stopping)
        {
            ReadOnlySpan<Readiness> ready = _poller.Wait(_wheel.WaitFrom(Now));
            long now = Now;
            RunItems();
            Handle(ready, now);
            // First ask, then look who has not answered.
            Settle(now);
            Sweep(now);
            Settle(now);
        }
    }

    private void RunItems()
    {
        _wake.Clear();
        while (_items.TryDequeue(out Action<SwitchLoop>? item))
            item(this);
    }

    // A read counts bytes before messages: when several are ready, each gets a share and then the next has its turn.
    private void Handle(ReadOnlySpan<Readiness> ready, long now)
    {
        _turn.IsContended = ready.Length > 1;
        foreach (Readiness one in ready)
        {
            if (one.Token < 0)
                Accept(one.Token, now);
            else if (_byId.TryGetValue(one.Token, out SwitchConnection? connection))
                Handle(connection, one, now);
        }
    }

    private void Accept(long token, long now)
    {
        if (_listeners.Accept(_poller, token, now, _arrive) is { } fault)
            _events.Refused(fault);
    }

    private void Handle(SwitchConnection connection, Readiness ready, long now)
    {
        try
        {
            if (ready.IsBroken)
                connection.Break(_turn, now);
            else if (ready.CanRead)
                connection.Read(_turn, now);
            LookAfter(connection, now);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // What one switch sends must not end the others.
            End(connection, $"{connection.Peer}: what it sent is handled wrongly here, please report this: {e}");
        }
    }

    private void Sweep(long now)
    {
        _listeners.Resume(_poller, now);
        if (_claims.IsWaiting)
            _claims.Tick(now, _isSilent);
        while (_wheel.TryTake(now, out List<SwitchConnection> due))
        {
            // From behind: one that ends gives its place to one that had its tick.
            for (int i = due.Count - 1; i >= 0; i--)
            {
                due[i].Tick(now);
                LookAfter(due[i], now);
            }
        }
    }

    // What is decided about one connection may touch others, and those may end and let others take over.
    private void Settle(long now)
    {
        while (_touched.Count > 0 || _claims.Changes.Count > 0)
        {
            for (int i = 0; i < _claims.Changes.Count; i++)
                Do(_claims.Changes[i], now);
            _claims.Changes.Clear();
            for (int i = 0; i < _touched.Count; i++)
            {
                _touched[i].IsTouched = false;
                LookAfter(_touched[i], now);
            }
            _touched.Clear();
        }
    }

    private void Do(ClaimChange change, long now)
    {
        switch (change)
        {
            case ClaimChange.Ask ask:
                With(ask.Session, static s => s.AskForEcho());
                break;
            case ClaimChange.TakeOver take:
                With(take.Session, s => s.TakeOver(now));
                break;
            case ClaimChange.End end:
                if (_byId.TryGetValue(end.Session, out SwitchConnection? connection))
                    End(connection, end.Reason);
                break;
        }
    }

    private void Take(ReadOnlySpan<HostPlace> hosts, int heard)
    {
        Hosts.News.Answer(heard);
        bool mends = false;
        foreach (HostPlace host in hosts)
            mends |= (Hosts.Take(host) || !host.Stays) && Hosts.Holders.Note(host.Key);
        bool goesOn = Hosts.News is { Waiting: > 0, HasRoom: true };
        if (mends || goesOn)
            GoOn(goesOn, Now);
    }

    private void GoOn(bool all, long now)
    {
        foreach (SwitchConnection connection in _byId.Values)
        {
            if (connection.Session.HasToMend)
                Do(connection, s => s.Mend(now));
            if (all && connection.Session.WaitsForCore)
                Do(connection, s => s.GoOn(now));
        }
    }

    private void Touch(SwitchConnection connection)
    {
        if (connection.IsTouched)
            return;
        connection.IsTouched = true;
        _touched.Add(connection);
    }

    // Tells what a session has to say, sends what it wants sent, and ends it if it is over.
    private void LookAfter(SwitchConnection connection, long now)
    {
        if (!_byId.ContainsKey(connection.Id))
            return;
        Tell(connection);
        connection.Send(now);
        Tell(connection);
        if (connection.Unfinished is not null && connection.Session.Stage >= HandshakeStage.Standby)
            Finish(connection);
        if (connection.Fault is { } fault)
            End(connection, fault);
    }

    private void Tell(SwitchConnection connection)
    {
        List<SessionEvent> events = connection.Session.Events;
        if (events.Count == 0)
            return;
        foreach (SessionEvent said in events)
            _events.Said(connection, said);
        events.Clear();
    }
}
