namespace NetServ.Signaling.Tests;

public class ModuleVersionTests
{
    [TestCase("1.0.0", "1.1.0")]
    [TestCase("1.9", "1.10")]
    [TestCase("9", "10")]
    [TestCase("1.0.0", "1.0.0.1")]
    [TestCase("2.0.0-beta", "2.0.0")]
    [TestCase("2.0.0-beta.2", "2.0.0-beta.11")]
    [TestCase("2.0.0-beta", "2.0.0-beta.1")]
    [TestCase("2.0.0-1", "2.0.0-alpha")]
    [TestCase("2.0.0-alpha", "2.0.0-beta")]
    [TestCase("1.99999999999999999999999", "1.100000000000000000000000")]
    [TestCase("1.0.0.v2010", "1.0.0.v2011")]
    [TestCase("1.5+7", "1.6+1")]
    public void The_first_is_older_than_the_second(string older, string newer)
    {
        Assert.That(ModuleVersion.Compare(older, newer), Is.Negative);
        Assert.That(ModuleVersion.Compare(newer, older), Is.Positive);
    }

    [TestCase("1.0", "1.0.0")]
    [TestCase("1.01", "1.1")]
    [TestCase("1.2.3+5", "1.2.3+6")]
    [TestCase("2-rc.1", "2.0-rc.1")]
    public void Neither_is_older(string a, string b) => Assert.That((ModuleVersion.Compare(a, b), ModuleVersion.Compare(b, a)), Is.EqualTo((0, 0)));
}
