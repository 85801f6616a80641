namespace NetServ.Demo.Switches;

/// <summary>The switch of a run, as a process of its own.</summary>
internal interface ISwitch : IAsyncDisposable
{
    /// <summary>The option's word for it.</summary>
    string Kind { get; }

    /// <summary>Where the socket of a port is.</summary>
    string SocketOf(ushort port);

    /// <summary>Frames per port as the switch itself counted them, and the text it said so with; null if it has no such command.</summary>
    Task<PortDump?> DumpPortsAsync(CancellationToken stop);
}
