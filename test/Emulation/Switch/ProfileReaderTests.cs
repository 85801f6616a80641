using NetServ.Emulation.Switch;
using NetServ.Emulation.Switch.Profiles;

namespace NetServ.Emulation.Tests.Switch;

public sealed class ProfileReaderTests
{
    [Test]
    public void An_operator_writes_every_field_as_JSON()
    {
        ProfileReader reader = new();
        SwitchProfile profile = reader.Read("mine", """
            {
                "tableSize": 1500, "rulesPerSecond": 250.5, "occupancySlowdown": 2, "shiftMicroseconds": 20,
                "installDelayMs": [50, 400], "order": "acrossBarriers", "barrierLeadMs": 300, // as measured
                "buffers": 8, "bufferSeconds": 1.5, "packetInsPerSecond": 100, "counterSeconds": 20,
            }
            """);
        Assert.That(reader.Faults, Is.Empty);
        Assert.That(profile, Is.EqualTo(new SwitchProfile
        {
            Name = "mine",
            TableSize = 1500,
            RulesPerSecond = 250.5,
            OccupancySlowdown = 2,
            ShiftTime = TimeSpan.FromMicroseconds(20),
            ShortestDelay = TimeSpan.FromMilliseconds(50),
            LongestDelay = TimeSpan.FromMilliseconds(400),
            Order = InstallOrder.AcrossBarriers,
            BarrierLead = TimeSpan.FromMilliseconds(300),
            Buffers = new BufferProfile(8, TimeSpan.FromSeconds(1.5)),
            PacketInsPerSecond = 100,
            CounterInterval = TimeSpan.FromSeconds(20),
        }));
    }

    [Test]
    public void What_is_not_written_is_as_the_specification_has_it()
    {
        ProfileReader reader = new();
        Assert.That(reader.Read("none", "{}"), Is.EqualTo(new SwitchProfile { Name = "none" }));
        Assert.That(reader.Read("lying", """{ "barrierLeadMs": "unbounded" }""").BarrierLead, Is.EqualTo(SwitchProfile.UnboundedLead));
        Assert.That(reader.Faults, Is.Empty);
    }

    [Test]
    public void Every_fault_is_told_with_its_field()
    {
        ProfileReader reader = new();
        reader.Read("bad", """{ "tableSize": 1.5, "rulesPerSecond": -1, "installDelayMs": [9, 1], "order": "random", "barrierLeadMs": "long", "speed": 1, "bufferSeconds": 1, "counterSeconds": 0 }""");
        string[] fields = ["tableSize", "rulesPerSecond", "installDelayMs", "order", "barrierLeadMs", "there is no field speed", "counterSeconds", "bufferSeconds"];
        Assert.That(reader.Faults, Has.Count.EqualTo(fields.Length));
        Assert.That(reader.Faults.Zip(fields), Has.All.Matches<(string Fault, string Field)>(f => f.Fault.StartsWith(f.Field, StringComparison.Ordinal)));
    }

    [TestCase("{", "not JSON")]
    [TestCase("[]", "a profile is a JSON object")]
    [TestCase("""{ "occupancySlowdown": 1 }""", "occupancySlowdown slows rulesPerSecond down")]
    [TestCase("""{ "order": "acrossBarriers" }""", "order acrossBarriers has no effect")]
    [TestCase("""{ "installDelayMs": 4 }""", "installDelayMs: write the shortest and the longest")]
    [TestCase("""{ "rulesPerSecond": "100" }""", "rulesPerSecond: \"100\" is not a number from 0.01 to 1000000")]
    public void A_fault_says_what_to_write(string json, string expected)
    {
        ProfileReader reader = new();
        reader.Read("bad", json);
        Assert.That(reader.Faults.Single(), Does.StartWith(expected));
    }
}
