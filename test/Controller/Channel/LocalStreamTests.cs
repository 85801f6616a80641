using System.Net.Sockets;
using NetServ.Controller.OpenFlow.Tls;

namespace NetServ.Controller.Tests.Channel;

public class LocalStreamTests
{
    private static IEnumerable<TestCaseData> Ways()
    {
        yield return new TestCaseData((Func<(Socket, Socket)>)LocalStream.CreatePair) { TestName = "socketpair" };
        yield return new TestCaseData((Func<(Socket, Socket)>)LocalStream.CreateByLoopback) { TestName = "loopback" };
    }

    [TestCaseSource(nameof(Ways))]
    public async Task What_is_sent_at_one_end_comes_out_at_the_other_until_it_ends(Func<(Socket, Socket)> create)
    {
        (Socket one, Socket other) = create();
        using (one)
        using (other)
        {
            await one.SendAsync(new byte[] { 1, 2, 3 });
            byte[] got = new byte[8];
            Assert.That(await other.ReceiveAsync(got), Is.EqualTo(3));
            await other.SendAsync(new byte[] { 9 });
            Assert.That(await one.ReceiveAsync(got), Is.EqualTo(1));
            one.Shutdown(SocketShutdown.Send);
            Assert.That(await other.ReceiveAsync(got), Is.Zero);
        }
    }
}
