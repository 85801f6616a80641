namespace NetServ.Signaling;

/// <summary>What a NetServ request asks for. PROBE and TRIGGER exist in the protocol, are recognised, and are refused as unsupported.</summary>
public enum RequestCommand
{
    /// <summary>Install a module, or refresh its time to live.</summary>
    Setup = 1,

    /// <summary>Take a module away.</summary>
    Remove = 2,
}
