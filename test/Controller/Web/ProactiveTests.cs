using System.Security.Cryptography;
using NetServ.Controller.Core.Admission;
using NetServ.Controller.Core.Store;
using NetServ.Controller.Store;
using NetServ.Controller.Tests.Support;
using NetServ.Coordination;
using NetServ.OpenFlow;
using NetServ.Packets;
using NetServ.Signaling;

namespace NetServ.Controller.Tests.Web;

/// <summary>What an operator sees of a proactive filter: how its sources are divided, and how far the shares are from the weights.</summary>
public class ProactiveTests
{
    private const ulong Dpid = 3;
    private const uint Owner = 7;

    private string _folder = "";

    [SetUp]
    public void Make() => _folder = Directory.CreateTempSubdirectory("netserv-proactive-").FullName;

    [TearDown]
    public void Remove() => Directory.Delete(_folder, recursive: true);

    [Test]
    public async Task Parts_and_share_error_are_listed_and_among_the_metrics()
    {
        (string privatePem, string publicPem) = SigningKeys.Create();
        string path = Path.Combine(_folder, "store.db");
        Fill(path, privatePem);
        await using RunningController controller = await RunningController.StartAsync(store: path, users: new UserAccount("alice", publicPem, [Ipv4Prefix.Parse("10.0.0.0/8")]));
        using HttpClient http = new() { BaseAddress = controller.Http };
        Assert.That(await http.GetStringAsync("/metrics"), Does.Not.Contain("netserv_proactive_parts{"), "no switch yet");
        using RawSwitch raw = new(controller.OpenFlow);
        await raw.ShakeHandsAsync(Dpid);
        // The first one stood between the filter's parts and what keeps from them what these are not for.
        await raw.AnswerBarrierAsync();
        Assert.That(await raw.EchoAsync(), Is.True);
        ModuleInfo module = (await controller.Operator.ListModulesAsync(new ListModulesRequest())).Modules.Single();
        Assert.That((module.Steering, module.Parts, module.ShareError), Is.EqualTo(("proactive", 8u, 0.0)));
        Assert.That(await http.GetStringAsync("/metrics"), Does.Contain("netserv_proactive_parts{owner=\"00000007\"} 8\n").And.Contain("netserv_proactive_share_error_permille{owner=\"00000007\"} 0\n"));
    }

    // What a controller leaves behind that had the module on two nodes of the switch.
    private static void Fill(string path, string privatePem)
    {
        using RequestSigner signer = new(privatePem, TimeProvider.System, RandomNumberGenerator.Create());
        string request = System.Text.Encoding.UTF8.GetString(signer.Sign(RequestCommand.Setup, "M_1", Headers).ToBytes());
        using SqliteStore store = SqliteStore.Open(path);
        Assert.That(store.TryChange(
        [
            new StoreChange(Records.ModuleKey(1, Owner), Records.Write(new ModuleRecord(request, Owner, TimeProvider.System.GetUtcNow().AddHours(1), ["node1", "node2"]))),
            new StoreChange(Records.NodeKey(1, "node1"), Records.Write(new NodeRecord("node1", Dpid, 1, 1, []))),
            new StoreChange(Records.NodeKey(1, "node2"), Records.Write(new NodeRecord("node2", Dpid, 2, 1, []))),
        ]), Is.True);
    }

    private static RequestHeader[] Headers =>
    [
        new("user", "alice"), new("url", "http://192.0.2.9/m"), new("checksum", "sha256:" + new string('a', 64)),
        new("filter-proto", "udp"), new("filter-port", "5060"), new("filter-ipv4", "10.0.0.1"), new("steering", "proactive"),
    ];
}
