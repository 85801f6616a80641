using System.Net.Sockets;
using NetServ.Controller.Core.Sessions;
using NetServ.Controller.OpenFlow.Polling;
using NetServ.OpenFlow;

namespace NetServ.Controller.Tests.Channel;

public class StarvedTests
{
    [Test]
    public async Task A_switch_whose_words_wait_for_their_turn_is_not_silent()
    {
        StarvingPoller poller = new();
        using RunningLoop loop = new(session: new SwitchSessionOptions { EchoAfter = 100, DeadAfter = 300 }, poller: poller);
        await using RawSwitch waiting = await loop.ConnectAsync(1);
        await waiting.HandshakeAsync();
        poller.IsStarving = true;
        await waiting.SendAsync(new EchoRequest { Xid = 77 });
        long end = await loop.Loop.InspectAsync(l => l.Now) + 2000;
        while (await loop.Loop.InspectAsync(l => l.Now) < end)
            Assert.That(loop.Endings, Is.Empty);
        poller.IsStarving = false;
        await waiting.UntilAsync(m => m[1] == (byte)MessageType.EchoReply && m[7] == 77);
    }

    // A loop with so much to do that the turn of connections does not come; all else goes on.
    private sealed class StarvingPoller : IPoller
    {
        private readonly IPoller _inner = Poller.Create();
        private volatile bool _isStarving;

        public bool IsStarving { get => _isStarving; set => _isStarving = value; }

        public void Add(Socket socket, long token) => _inner.Add(socket, token);

        public void Change(Socket socket, long token, bool read, bool write) => _inner.Change(socket, token, read, write);

        public void Remove(Socket socket, long token) => _inner.Remove(socket, token);

        public ReadOnlySpan<Readiness> Wait(int milliseconds)
        {
            ReadOnlySpan<Readiness> ready = _inner.Wait(milliseconds);
            return IsStarving ? ready.ToArray().Where(r => r.Token <= 0).ToArray() : ready;
        }

        public void Dispose() => _inner.Dispose();
    }
}
