using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using NetServ.Node.Containers.Bundles;
using NetServ.Node.Containers.Lifecycle;
using NetServ.Node.DataPath.Classification;
using NetServ.Node.DataPath.Pump;
using NetServ.Packets;
using NetServ.Ports;

namespace NetServ.Node.Containers.Rehearsals;

/// <summary>
/// Installs a module that does nothing, gives it one packet and removes it, all on a cable within this process. Code is compiled when it first
/// runs: what that costs is paid here, while the node starts, and not by the first SETUP, whose flows are waiting.
/// </summary>
public static class Rehearsal
{
    private const string Id = "NetServ.Node.Rehearsal";
    private const string Version = "1.0.0";
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(1);

    // UDP from 192.0.2.1:9 to 192.0.2.2:9, no payload.
    private static readonly byte[] s_frame = Convert.FromHexString(
        "020000000002" + "020000000001" + "0800" + "4500001c000000004011f6cd" + "c0000201c0000202" + "00090009" + "00080000");

    /// <summary>Does all that; uses nothing that the node uses, so both may run side by side.</summary>
    /// <returns>The reports that the controller would have got, in order.</returns>
    public static async Task<IReadOnlyList<ModuleStatus>> RunAsync(TimeProvider time)
    {
        byte[] bundle = Bundle();
        List<ModuleStatus> reports = [];
        (MemoryPort node, MemoryPort other) = MemoryPort.CreatePair(name: "rehearsal");
        using SocketsHttpHandler handler = new() { UseProxy = false, ConnectCallback = (_, _) => ValueTask.FromResult<Stream>(new CannedAnswer(bundle)) };
        using HttpClient http = new(handler);
        using (node)
        using (other)
        {
            PacketPump pump = new(node, [], [], new());
            using PumpThread thread = new(pump, node);
            BundleStore store = new(new BundleDownload(http, BundleLimits.Default, time));
            await using ModuleKeeper keeper = new(pump, store, time, reports.Add, _ => { });
            await keeper.InstallAsync(Command(bundle)).ConfigureAwait(false);
            other.Send(s_frame);
            other.Receive(new FrameBatch(1, FrameBatch.MaxFrameSize), s_patience);
            await keeper.RemoveAsync(1, TimeSpan.Zero).ConfigureAwait(false);
        }
        return reports;
    }

    private static InstallCommand Command(byte[] bundle) => new()
    {
        OwnerId = 1,
        User = "rehearsal",
        ModuleId = $"{Id}_{Version}",
        Url = "http://rehearsal.invalid/",
        Checksum = SHA256.HashData(bundle),
        Filter = new PacketFilter(new Ipv4Prefix(new Ipv4Address(0xc000_0202), 32), IpProtocols.Udp, 9),
    };

    // A package as the build makes it, around this very assembly.
    private static byte[] Bundle()
    {
        string nuspec = $"""
            <?xml version="1.0"?>
            <package xmlns="http://schemas.microsoft.com/packaging/2013/05/nuspec.xsd"><metadata>
              <id>{Id}</id><version>{Version}</version><authors>NetServ</authors><description>Does nothing.</description>
              <packageTypes><packageType name="NetServModule" /></packageTypes>
              <dependencies><group targetFramework="net10.0"><dependency id="NetServ.Modules.Abstractions" version="0.0.0" /></group></dependencies>
            </metadata></package>
            """;
        using MemoryStream bytes = new();
        using (ZipArchive zip = new(bytes, ZipArchiveMode.Create, leaveOpen: true))
        {
            Add(zip, $"{Id}.nuspec", Encoding.UTF8.GetBytes(nuspec));
            Add(zip, $"lib/net10.0/{Path.GetFileName(typeof(RehearsalModule).Assembly.Location)}", File.ReadAllBytes(typeof(RehearsalModule).Assembly.Location));
        }
        return bytes.ToArray();
    }

    private static void Add(ZipArchive zip, string path, byte[] content)
    {
        using Stream entry = zip.CreateEntry(path, CompressionLevel.Fastest).Open();
        entry.Write(content);
    }
}
