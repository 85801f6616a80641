using NetServ.Node.Containers.Bundles;
using NetServ.Node.Tests.Support;

namespace NetServ.Node.Tests.Containers;

public class BundleReaderTests
{
    [TestCase("NetServ.Modules.NetMonitor", "NetServ.Modules.NetMonitor.NetMonitorModule", 10, false)]
    [TestCase("NetServ.Modules.KeepAlive", "NetServ.Modules.KeepAlive.KeepAliveModule", 20, true)]
    [TestCase("NetServ.Modules.Mark", "NetServ.Modules.Mark.MarkModule", 30, true)]
    public void Package_that_the_build_made_states_name_entry_class_order_and_whether_it_is_stateless(string name, string entryClass, int order, bool stateless)
    {
        Bundle bundle = BundleReader.Read(BundleFiles.Packed(name)).Value!;
        Assert.Multiple(() =>
        {
            Assert.That(bundle.ModuleId, Is.EqualTo(name + "_1.0.0"));
            Assert.That(bundle.EntryClass, Is.EqualTo(entryClass));
            Assert.That(bundle.Order, Is.EqualTo(order));
            Assert.That(bundle.IsStateless, Is.EqualTo(stateless));
            Assert.That(bundle.Dependencies, Is.Empty);
            Assert.That(bundle.Assemblies.Keys, Is.EqualTo(new[] { name }));
        });
    }

    [Test]
    public void Bundle_cut_short_at_any_byte_is_refused_as_no_bundle()
    {
        byte[] whole = BundleFiles.Mark;
        for (int length = 0; length < whole.Length; length++)
        {
            Outcome<Bundle> outcome = BundleReader.Read(whole[..length]);
            Assert.That(outcome.Refusal?.Code, Is.EqualTo("not-a-bundle"), $"{length} of {whole.Length} bytes");
        }
    }

    [Test]
    public void Bundle_with_random_damage_is_read_or_refused_and_nothing_else()
    {
        byte[] whole = BundleFiles.Mark;
        Random random = new(4711);
        int refused = 0;
        for (int i = 0; i < 2000; i++)
        {
            byte[] damaged = [.. whole];
            for (int n = random.Next(1, 20); n > 0; n--)
                damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            Outcome<Bundle> outcome = BundleReader.Read(damaged);
            Assert.That(outcome.Refusal?.Code, Is.Null.Or.EqualTo("not-a-bundle"));
            refused += outcome.IsRefused ? 1 : 0;
        }
        Assert.That(refused, Is.GreaterThan(100));
    }

    private static IEnumerable<TestCaseData> NoBundles()
    {
        byte[] code = File.ReadAllBytes(typeof(BundleReaderTests).Assembly.Location);
        byte[] plain = File.ReadAllBytes(typeof(Packets.Ipv4Address).Assembly.Location);
        string nuspec = BundleFiles.Nuspec("A", "1.0.0");
        yield return new TestCaseData("hello"u8.ToArray(), "no NuGet package").SetArgDisplayNames("text");
        yield return new TestCaseData(BundleFiles.Faulty(type: "DotnetTool"), "NetServModule").SetArgDisplayNames("another type of package");
        yield return new TestCaseData(BundleFiles.Zip(nuspec), "net10.0").SetArgDisplayNames("no library");
        yield return new TestCaseData(BundleFiles.Zip(nuspec, ("lib/net11.0/a.dll", code)), "net10.0").SetArgDisplayNames("a later framework");
        yield return new TestCaseData(BundleFiles.Zip(nuspec, ("lib/net10.0/a.dll", "MZ"u8.ToArray())), "managed").SetArgDisplayNames("no managed code");
        yield return new TestCaseData(BundleFiles.Zip(nuspec, ("lib/net10.0/a.dll", plain)), "NetServEntryClass").SetArgDisplayNames("no entry class");
        yield return new TestCaseData(BundleFiles.Zip("<package/>", ("lib/net10.0/a.dll", code)), "no NuGet package").SetArgDisplayNames("an empty nuspec");
    }

    [TestCaseSource(nameof(NoBundles))]
    public void What_is_no_bundle_is_refused_with_the_reason(byte[] bytes, string reason)
    {
        InstallRefusal refusal = BundleReader.Read(bytes).Refusal!;
        Assert.That(refusal.Code, Is.EqualTo("not-a-bundle"));
        Assert.That(refusal.Text, Does.StartWith("url: ").And.Contain(reason));
    }
}
