using NetServ.Demo.Running;
using NetServ.Demo.Traffic;

namespace NetServ.Demo.Story;

/// <summary>What is known of the story before it begins: its parts, and the seven steps of the paper's figure 16.</summary>
internal static class Script
{
    /// <summary>The steps, in their order.</summary>
    public static IReadOnlyList<ScriptStep> Steps { get; } =
    [
        new(1, StoryPart.NetServ, "connect", "the switch connects; its first rule precedes all traffic"),
        new(2, StoryPart.Setup, "SETUP", "SETUP is accepted: its filter is remembered"),
        new(3, StoryPart.Setup, "first packet", "the first matching packet comes up; its flow is steered to a node"),
        new(4, StoryPart.Setup, "module", "the node hands it to the module and sends it back"),
        new(5, StoryPart.Setup, "way back", "what comes back is known as processed; a second rule brings it on"),
        new(6, StoryPart.Installed, "line rate", "from then on the flow never meets the controller"),
        new(7, StoryPart.Remove, "REMOVE", "REMOVE: the rules go, the flow takes the direct path"),
    ];

    /// <summary>A part in one word.</summary>
    public static string NameOf(StoryPart part) => part switch
    {
        StoryPart.NetServ => "NetServ",
        StoryPart.Setup => "SETUP",
        StoryPart.Remove => "REMOVE",
        _ => part.ToString().ToLowerInvariant(),
    };

    /// <summary>What happens in a part.</summary>
    public static string TitleOf(StoryPart part, DemoOptions options, ITraffic traffic) => part switch
    {
        StoryPart.Start => $"{(options.Switch == "ovs" ? "a real Open vSwitch" : "the emulated switch")}, its hosts and the controller come up",
        StoryPart.Control => "hosts talk without NetServ, to see what this machine's switch carries",
        StoryPart.NetServ => $"the controller takes the switch over; {options.Nodes} processing node{(options.Nodes == 1 ? " attaches" : "s attach")}",
        StoryPart.Before => "NetServ runs, no module is installed: every packet goes straight",
        StoryPart.Setup => $"{NetServSystem.User} signs a request, while flows run: {options.ModuleId.Split('.')[^1]} on {traffic.Filter}",
        StoryPart.Installed => $"exactly the flows to {traffic.Filter} pass a node; all others go straight",
        StoryPart.Remove => $"{NetServSystem.User} takes the request back, while flows run",
        StoryPart.Removed => "the same traffic once more: all flows go straight again",
        _ => throw new ArgumentOutOfRangeException(nameof(part), part, "no part of the story"),
    };
}

/// <summary>A step as it stands in the script.</summary>
/// <param name="Number">1 to 7.</param>
/// <param name="Part">The part in which it is due.</param>
/// <param name="Label">A word or two.</param>
/// <param name="Text">What is to happen.</param>
internal sealed record ScriptStep(int Number, StoryPart Part, string Label, string Text);
