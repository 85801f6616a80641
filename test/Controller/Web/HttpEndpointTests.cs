using System.Net;
using NetServ.Controller.Tests.Support;

namespace NetServ.Controller.Tests.Web;

public class HttpEndpointTests
{
    [Test]
    public async Task Health_and_metrics_are_there_and_nothing_else()
    {
        await using RunningController controller = await RunningController.StartAsync();
        using HttpClient http = new() { BaseAddress = controller.Http };
        Assert.That(await http.GetStringAsync("/healthz"), Is.EqualTo("ok\n"));
        using RawSwitch raw = new(controller.OpenFlow);
        await raw.ShakeHandsAsync(3);
        Assert.That(await raw.EchoAsync(), Is.True);
        string metrics = await http.GetStringAsync("/metrics");
        Assert.Multiple(() =>
        {
            Assert.That(metrics, Does.Contain("netserv_switches 1\n").And.Contain("netserv_nodes_attached 0\n").And.Contain("netserv_modules 0\n"));
            Assert.That(metrics, Does.Contain("netserv_switch_flow_mod_total{dpid=\"0000000000000003\"} 3\n"), "attachment, signaling and probes");
            Assert.That(metrics.Split('\n').Where(l => l.Length > 0), Is.All.Matches("^(# TYPE [a-z_]+ (counter|gauge)|[a-z_]+(\\{[a-z]+=\"[^\"]*\"\\})? [0-9]+)$"), "Prometheus' text format");
        });
        Assert.That((await http.GetAsync("/")).StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
    }
}
