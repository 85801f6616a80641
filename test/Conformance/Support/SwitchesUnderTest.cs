using NetServ.Conformance.Tests.Support;
using NetServ.TestSupport;

/// <summary>The switches, started once for all tests.</summary>
[SetUpFixture]
#pragma warning disable CA1050 // A set-up for the assembly stands in no namespace.
public sealed class SwitchesUnderTest
#pragma warning restore CA1050
{
    private static EmulatedSwitchUnderTest? s_emulated;
    private static OpenVSwitchUnderTest? s_openVSwitch;
    private static string s_reason = "";

    /// <summary>Starts both.</summary>
    [OneTimeSetUp]
    public void Start()
    {
        s_emulated = new EmulatedSwitchUnderTest();
        if (OpenVSwitch.TryStart(out s_reason) is { } started)
            s_openVSwitch = new OpenVSwitchUnderTest(started);
    }

    /// <summary>Stops them.</summary>
    [OneTimeTearDown]
    public void Stop() => s_openVSwitch?.Dispose();

    /// <summary>The one asked for, as new.</summary>
    internal static ISwitchUnderTest Take(string kind)
    {
        ISwitchUnderTest? taken = kind == "emulated" ? s_emulated : s_openVSwitch;
        if (taken is null)
            Assert.Ignore(s_reason);
        taken!.Reset();
        return taken;
    }
}
