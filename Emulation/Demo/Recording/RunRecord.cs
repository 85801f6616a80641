using System.Globalization;

namespace NetServ.Demo.Recording;

/// <summary>The folder of `--record`: two captures a port, one an OpenFlow connection, and a manifest that says what is what.</summary>
internal sealed class RunRecord : IDisposable
{
    private const ushort FirstSwitchPort = 40_000;

    private readonly string _folder;
    private readonly List<IDisposable> _files = [];
    private int _connections;

    /// <summary>Creates the folder; an earlier record in it is replaced.</summary>
    public RunRecord(string folder)
    {
        _folder = Directory.CreateDirectory(folder).FullName;
        foreach (string old in Directory.EnumerateFiles(_folder, "*.pcap").Append(At("manifest.json")).Append(At("dump-ports.txt")))
            File.Delete(old);
    }

    /// <summary>A file in the folder.</summary>
    public string At(string name) => Path.Combine(_folder, name);

    /// <summary>The file of what goes into a port.</summary>
    public FrameRecorder IntoSwitch(ushort port) => Add(new FrameRecorder(At(NameOf(port, "in"))));

    /// <summary>The file of what comes out of a port.</summary>
    public FrameRecorder OutOfSwitch(ushort port) => Add(new FrameRecorder(At(NameOf(port, "out"))));

    /// <summary>The file of the next OpenFlow connection.</summary>
    public OpenFlowRecorder OfConnection()
    {
        int number = Interlocked.Increment(ref _connections);
        FrameRecorder file = new(At(string.Create(CultureInfo.InvariantCulture, $"openflow-{number}.pcap")));
        return Add(new OpenFlowRecorder(file, (ushort)(FirstSwitchPort + number)));
    }

    /// <summary>The name of a port's file.</summary>
    public static string NameOf(ushort port, string direction) => string.Create(CultureInfo.InvariantCulture, $"port{port}-{direction}.pcap");

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_files)
        {
            foreach (IDisposable file in _files)
                file.Dispose();
        }
    }

    private T Add<T>(T file)
        where T : IDisposable
    {
        lock (_files)
            _files.Add(file);
        return file;
    }
}
