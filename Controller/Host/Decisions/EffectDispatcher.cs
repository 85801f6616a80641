using NetServ.Controller.Core;
using NetServ.Controller.Core.Store;
using NetServ.Controller.OpenFlow;
using NetServ.Controller.Store;

namespace NetServ.Controller.Decisions;

/// <summary>Does what Core wants done: the one place from which decisions reach switches, nodes, requesters and watchers.</summary>
public sealed class EffectDispatcher(IRecordStore store, NodeStreams nodes, PendingRequests requests, EventHub events)
{
    /// <summary>The switches; set once, before the first effect.</summary>
    public SwitchLoop? Switches { get; set; }

    /// <summary>Does the effects in order.</summary>
    public void Dispatch(IReadOnlyList<CoreEffect> effects)
    {
        foreach (CoreEffect effect in effects)
            Dispatch(effect);
    }

    private void Dispatch(CoreEffect effect)
    {
        switch (effect)
        {
            case CoreEffect.Persist persist:
                Persist(persist);
                break;
            case CoreEffect.Publish publish:
                Switches?.Publish(publish.Snapshot, publish.Token);
                break;
            case CoreEffect.PublishHosts publish:
                Switches?.PublishHosts(publish.Hosts, publish.Heard);
                break;
            case CoreEffect.SendFrame send:
                Switches?.SendFrame(send.SessionId, send.Port, send.Frame.AsMemory());
                break;
            case CoreEffect.PublishReleases publish:
                Switches?.PublishReleases(publish.NodeId, publish.Flows, publish.Released);
                break;
            case CoreEffect.AskPort ask:
                Switches?.AskPort(ask.SessionId, ask.Port);
                break;
            case CoreEffect.CloseSwitch close:
                Switches?.Close(close.SessionId, close.Reason);
                break;
            case CoreEffect.TellNode tell:
                nodes.Tell(tell.StreamId, tell.Command);
                break;
            case CoreEffect.EndNode end:
                nodes.End(end.StreamId);
                break;
            case CoreEffect.Reply reply:
                requests.Answer(reply.Ticket, reply.Outcome);
                break;
            case CoreEffect.Report report:
                events.Publish(report);
                break;
        }
    }

    // A full disk must not stop steering; what is lost by it shows after a restart only, so it is said loudly.
    private void Persist(CoreEffect.Persist persist)
    {
        try
        {
            store.TryChange(persist.Changes);
        }
        catch (StoreException e)
        {
            events.Publish(new CoreEffect.Report("alarm", e.Message, []));
        }
    }
}
