namespace NetServ.Demo.Measuring;

/// <summary>The parts of a run, as they stand in payloads, sightings and the manifest.</summary>
internal enum PhaseCode : byte
{
    /// <summary>The same traffic on the same switch without NetServ: one NORMAL rule.</summary>
    Control = 0,

    /// <summary>NetServ runs, no module is installed.</summary>
    Before = 1,

    /// <summary>Some flows run while SETUP arrives.</summary>
    Setup = 2,

    /// <summary>The module is installed.</summary>
    Installed = 3,

    /// <summary>Some flows run while REMOVE arrives.</summary>
    Remove = 4,

    /// <summary>The module is gone again.</summary>
    Removed = 5,

    /// <summary>Between the others: start-up, announcements, attachment.</summary>
    None = 9,
}
