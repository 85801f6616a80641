namespace NetServ.Demo.Story;

/// <summary>The parts of the story, in their order.</summary>
internal enum StoryPart
{
    /// <summary>Switch, hosts and controller come up.</summary>
    Start,

    /// <summary>Traffic without NetServ.</summary>
    Control,

    /// <summary>NetServ takes the switch over, nodes attach.</summary>
    NetServ,

    /// <summary>Traffic before a module is installed.</summary>
    Before,

    /// <summary>SETUP arrives while flows run.</summary>
    Setup,

    /// <summary>Traffic with the module.</summary>
    Installed,

    /// <summary>REMOVE arrives while flows run.</summary>
    Remove,

    /// <summary>Traffic after the module.</summary>
    Removed,
}
