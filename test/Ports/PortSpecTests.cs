namespace NetServ.Ports.Tests;

public sealed class PortSpecTests
{
    [TestCase("unix-listen:/tmp/a.sock", PortKind.UnixListen, "/tmp/a.sock")]
    [TestCase("unix:a:b", PortKind.Unix, "a:b")]
    [TestCase("veth:eth0", PortKind.Interface, "eth0")]
    [TestCase("pcap:eth0.5", PortKind.Pcap, "eth0.5")]
    public void A_specification_is_a_kind_and_a_target_and_prints_as_written(string text, PortKind kind, string target)
    {
        Assert.That(PortSpec.TryParse(text, out PortSpec? spec, out string error), Is.True, error);
        Assert.That(spec, Is.EqualTo(new PortSpec(kind, target)));
        Assert.That(spec!.ToString(), Is.EqualTo(text));
    }

    [TestCase(null, "no kind")]
    [TestCase("eth0", "no kind; write unix-listen:PATH")]
    [TestCase("tap:eth0", "there is no kind 'tap'; write unix-listen:PATH")]
    [TestCase("unix:", "the path is missing")]
    [TestCase("veth:", "the interface is missing")]
    [TestCase("veth:a/b", "is no name of an interface")]
    [TestCase("pcap:abcdefghijklmnop", "at most 15 characters")]
    public void A_wrong_specification_is_told_with_its_cure(string? text, string expected)
    {
        Assert.That(PortSpec.TryParse(text, out PortSpec? spec, out string error), Is.False);
        Assert.That(spec, Is.Null);
        Assert.That(error, Does.Contain(expected));
    }

    [Test]
    public void A_path_too_long_for_the_system_is_refused_before_opening()
    {
        Assert.That(PortSpec.TryParse("unix:/" + new string('x', 107), out _, out string error), Is.False);
        Assert.That(error, Does.Contain("108 bytes").And.Contain("107"));
    }
}
