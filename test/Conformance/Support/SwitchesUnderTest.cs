using NetServ.Conformance.Tests.Support;
using NetServ.Emulation.Switch;
using NetServ.TestSupport;

/// <summary>The switches, started once for all tests.</summary>
[SetUpFixture]
#pragma warning disable CA1050 // A set-up for the assembly stands in no namespace.
public sealed class SwitchesUnderTest
#pragma warning restore CA1050
{
    private static EmulatedSwitchUnderTest? s_emulated;
    private static OpenVSwitchUnderTest? s_openVSwitch;
    private static OpenVSwitch? s_daemons;
    private static string s_reason = "";

    /// <summary>Starts both.</summary>
    [OneTimeSetUp]
    public void Start()
    {
        s_emulated = new EmulatedSwitchUnderTest();
        s_daemons = OpenVSwitch.TryStart(out s_reason);
        if (s_daemons is not null)
            s_openVSwitch = new OpenVSwitchUnderTest(s_daemons);
    }

    /// <summary>Stops them.</summary>
    [OneTimeTearDown]
    public void Stop()
    {
        s_openVSwitch?.Dispose();
        s_daemons?.Dispose();
    }

    /// <summary>The one asked for, as new.</summary>
    internal static ISwitchUnderTest Take(string kind)
    {
        ISwitchUnderTest? taken = kind == "emulated" ? s_emulated : s_openVSwitch;
        if (taken is null)
            Assert.Ignore(s_reason);
        taken!.Reset();
        return taken;
    }

    /// <summary>One of its own, which does the given without a controller.</summary>
    internal static ISwitchUnderTest Start(string kind, ChannelLoss onChannelLoss)
    {
        if (kind == "emulated")
            return new EmulatedSwitchUnderTest(EmulatedSwitchUnderTest.DefaultOptions with { OnChannelLoss = onChannelLoss });
        if (s_daemons is null)
            Assert.Ignore(s_reason);
        return new OpenVSwitchUnderTest(s_daemons!, "br1", onChannelLoss == ChannelLoss.Secure ? "secure" : "standalone", TimeSpan.FromSeconds(1));
    }
}
