using System.Globalization;
using System.Text;
using NetServ.Controller.Core.Nodes;
using NetServ.Controller.Core.Sessions;
using NetServ.Controller.Decisions;
using NetServ.Controller.OpenFlow;

namespace NetServ.Controller.Web;

/// <summary>/healthz, and /metrics in Prometheus' text format.</summary>
internal static class HttpEndpoints
{
    private static readonly (string Name, Func<SessionCounters, long> Value)[] s_counters =
    [
        ("packet_in", c => c.PacketIns),
        ("packet_out", c => c.PacketOuts),
        ("flow_mod", c => c.FlowMods),
        ("flow_mod_steering", c => c.SteeringMods),
        ("flow_mod_return", c => c.ReturnMods),
        ("flow_mod_catch", c => c.CatchMods),
        ("flow_mod_forwarding", c => c.ForwardingMods),
        ("flow_decisions", c => c.FlowDecisions),
        ("placements", c => c.Placements),
        ("unserved", c => c.Unserved),
        ("floods", c => c.Floods),
        ("dropped", c => c.Dropped),
        ("no_room", c => c.NoRoom),
        ("lost", c => c.Lost),
        ("malformed", c => c.Malformed),
        ("errors", c => c.Errors),
        ("table_full", c => c.TableFull),
        ("overrun", c => c.Overrun),
    ];

    public static void MapHttp(this WebApplication app)
    {
        app.MapGet("/healthz", () => "ok\n");
        app.MapGet("/metrics", WriteMetricsAsync);
    }

    private static async Task<string> WriteMetricsAsync(CoreLoop core, SwitchLoop switches, EventHub events)
    {
        StringBuilder text = new();
        (int nodes, int modules, long refused) = await core.InspectAsync(c => (c.Nodes.All.Count(n => n.Status == NodeStatus.Attached), c.Modules.All.Count, c.Nodes.RefusedAttachments));
        Add(text, "netserv_nodes_attached", "gauge", "", nodes);
        Add(text, "netserv_modules", "gauge", "", modules);
        Add(text, "netserv_attachments_refused_total", "counter", "", refused);
        WriteMemory(text);
        await switches.InspectAsync(loop => WriteSwitches(text, loop));
        text.Append("# TYPE netserv_events_total counter\n");
        foreach ((string kind, long count) in events.Counts.OrderBy(c => c.Key))
            text.Append(CultureInfo.InvariantCulture, $"netserv_events_total{{kind=\"{kind}\"}} {count}\n");
        return text.ToString();
    }

    private static void WriteMemory(StringBuilder text)
    {
        Add(text, "netserv_allocated_bytes_total", "counter", "", GC.GetTotalAllocatedBytes(precise: false));
        text.Append("# TYPE netserv_gc_collections_total counter\n");
        for (int generation = 0; generation <= GC.MaxGeneration; generation++)
            text.Append(CultureInfo.InvariantCulture, $"netserv_gc_collections_total{{generation=\"{generation}\"}} {GC.CollectionCount(generation)}\n");
    }

    private static bool WriteSwitches(StringBuilder text, SwitchLoop loop)
    {
        SwitchConnection[] running = [.. loop.Connections.Values.Where(c => c.Session.IsRunning)];
        Add(text, "netserv_switches", "gauge", "", running.Length);
        foreach ((string name, Func<SessionCounters, long> value) in s_counters)
        {
            text.Append(CultureInfo.InvariantCulture, $"# TYPE netserv_switch_{name}_total counter\n");
            foreach (SwitchConnection connection in running)
                text.Append(CultureInfo.InvariantCulture, $"netserv_switch_{name}_total{{dpid=\"{connection.Session.Dpid:x16}\"}} {value(connection.Session.Counters)}\n");
        }
        WriteDivisions(text, SourceDivision.Of(loop));
        return true;
    }

    // How far the shares of proactive filters are from what weights ask for.
    private static void WriteDivisions(StringBuilder text, Dictionary<uint, SourceDivision> divisions)
    {
        text.Append("# TYPE netserv_proactive_parts gauge\n");
        foreach ((uint owner, SourceDivision division) in divisions)
            text.Append(CultureInfo.InvariantCulture, $"netserv_proactive_parts{{owner=\"{owner:x8}\"}} {division.Parts}\n");
        text.Append("# TYPE netserv_proactive_share_error_permille gauge\n");
        foreach ((uint owner, SourceDivision division) in divisions)
            text.Append(CultureInfo.InvariantCulture, $"netserv_proactive_share_error_permille{{owner=\"{owner:x8}\"}} {(long)Math.Round(division.Error * 1000)}\n");
    }

    private static void Add(StringBuilder text, string name, string type, string labels, long value) =>
        text.Append(CultureInfo.InvariantCulture, $"# TYPE {name} {type}\n{name}{labels} {value}\n");
}
