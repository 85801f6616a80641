using System.Net.Sockets;
using NetServ.Controller.OpenFlow.Polling;
using NetServ.Controller.OpenFlow.Tls;

namespace NetServ.Controller.Tests.Channel;

/// <summary>What the loop relies on, held for every poller.</summary>
[TestFixture(typeof(EpollPoller))]
[TestFixture(typeof(SelectPoller))]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class PollerTests<TPoller> : IDisposable
    where TPoller : new()
{
    private readonly IPoller _poller = (IPoller)(object)new TPoller()!;
    private readonly List<Socket> _sockets = [];

    public void Dispose()
    {
        _poller.Dispose();
        foreach (Socket socket in _sockets)
            socket.Dispose();
    }

    [Test]
    public void Nothing_is_ready_where_nothing_came()
    {
        _poller.Add(Pair().Ours, 1);
        Assert.That(_poller.Wait(1).Length, Is.Zero);
    }

    [Test]
    public void What_came_is_told_until_it_is_read()
    {
        (Socket ours, Socket theirs) = Pair();
        _poller.Add(ours, 7);
        theirs.Send([1]);
        Assert.That(_poller.Wait(5000).ToArray(), Is.EqualTo(new[] { new Readiness(7, true, false, false) }));
        Assert.That(_poller.Wait(0).Length, Is.EqualTo(1), "it was not read");
        ours.Receive(new byte[1]);
        Assert.That(_poller.Wait(0).Length, Is.Zero);
    }

    [Test]
    public void Room_to_send_is_told_only_to_who_waits_for_it()
    {
        Socket ours = Pair().Ours;
        _poller.Add(ours, 1);
        Assert.That(_poller.Wait(0).Length, Is.Zero);
        _poller.Change(ours, 1, read: true, write: true);
        Assert.That(_poller.Wait(5000).ToArray(), Is.EqualTo(new[] { new Readiness(1, false, true, false) }));
        _poller.Change(ours, 1, read: true, write: false);
        Assert.That(_poller.Wait(0).Length, Is.Zero);
    }

    [Test]
    public void One_that_is_not_to_be_read_is_left_alone()
    {
        (Socket ours, Socket theirs) = Pair();
        _poller.Add(ours, 1);
        _poller.Change(ours, 1, read: false, write: false);
        theirs.Send([1]);
        Assert.That(_poller.Wait(0).Length, Is.Zero);
    }

    [Test]
    public void One_that_was_removed_is_forgotten()
    {
        (Socket ours, Socket theirs) = Pair();
        _poller.Add(ours, 1);
        _poller.Remove(ours, 1);
        theirs.Send([1]);
        Assert.That(_poller.Wait(0).Length, Is.Zero);
    }

    [Test]
    public void The_end_of_a_stream_can_be_read()
    {
        (Socket ours, Socket theirs) = Pair();
        _poller.Add(ours, 1);
        theirs.Shutdown(SocketShutdown.Send);
        Assert.That(_poller.Wait(5000)[0].CanRead, Is.True);
    }

    [Test]
    public void Of_very_many_each_has_its_turn()
    {
        HashSet<long> heard = [];
        for (int i = 0; i < 300; i++)
        {
            (Socket ours, Socket theirs) = Pair();
            _poller.Add(ours, i);
            theirs.Send([1]);
        }
        for (int turn = 0; turn < 3; turn++)
        {
            foreach (Readiness ready in _poller.Wait(5000))
                heard.Add(ready.Token);
        }
        Assert.That(heard, Has.Count.EqualTo(300));
    }

    private (Socket Ours, Socket Theirs) Pair()
    {
        (Socket ours, Socket theirs) = LocalStream.Create();
        _sockets.AddRange([ours, theirs]);
        return (ours, theirs);
    }
}
