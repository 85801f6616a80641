using System.Text.Json;
using NetServ.System.Tests.Support;

namespace NetServ.System.Tests.Demo;

/// <summary>What one `netserv demo --json` said.</summary>
internal sealed class DemoResult
{
    private const int Void = 3;
    private const int Attempts = 3;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(90);

    private readonly JsonElement _root;

    private DemoResult(JsonElement root) => _root = root;

    /// <summary>"before", "installed" or "removed".</summary>
    public JsonElement Phase(string name) => Named("phases", name);

    /// <summary>"setup" or "remove".</summary>
    public JsonElement Transition(string name) => Named("transitions", name);

    /// <summary>All phases.</summary>
    public IEnumerable<JsonElement> Phases => _root.GetProperty("phases").EnumerateArray();

    /// <summary>All transitions.</summary>
    public IEnumerable<JsonElement> Transitions => _root.GetProperty("transitions").EnumerateArray();

    /// <summary>A field of the whole.</summary>
    public JsonElement this[string field] => _root.GetProperty(field);

    /// <summary>
    /// Runs the demo to its end and holds what every run has to be: one JSON object on standard output and nothing else, exit code 0. A void run, where
    /// this machine did not carry the traffic even without NetServ, says nothing; it is run again with a lower pace, as it asks for.
    /// </summary>
    public static async Task<DemoResult> OfAsync(int pps, params string[] arguments)
    {
        NetServRun run = await RunAsync(pps, arguments);
        for (int attempt = 1; attempt < Attempts && run.Exit == Void; attempt++)
            run = await RunAsync(pps >> attempt, arguments);
        Assert.Multiple(() =>
        {
            Assert.That(run.Exit, Is.Zero, run.Error);
            Assert.That(run.OutLines, Has.Length.EqualTo(1));
        });
        using JsonDocument document = JsonDocument.Parse(run.OutLines[0]);
        return new DemoResult(document.RootElement.Clone());
    }

    private static async Task<NetServRun> RunAsync(int pps, string[] arguments)
    {
        await using NetServProcess demo = NetServProcess.Start(["demo", "--json", "--pps", $"{pps}", .. arguments]);
        return await demo.WaitForExitAsync(s_patience);
    }

    private JsonElement Named(string list, string name) => _root.GetProperty(list).EnumerateArray().Single(p => p.GetProperty("name").GetString() == name);
}

/// <summary>Short words for fields.</summary>
internal static class JsonFields
{
    public static long Long(this JsonElement element, string field) => element.GetProperty(field).GetInt64();

    public static double Double(this JsonElement element, string field) => element.GetProperty(field).GetDouble();

    public static string Text(this JsonElement element, string field) => element.GetProperty(field).GetString()!;
}
