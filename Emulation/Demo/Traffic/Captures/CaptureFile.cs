using NetServ.Ports;

namespace NetServ.Demo.Traffic.Captures;

/// <summary>Reads the file that `--pcap` names.</summary>
internal static class CaptureFile
{
    /// <summary>All frames of a capture (pcap or pcapng, Ethernet), in its order.</summary>
    /// <exception cref="DemoException">It cannot be read, is no Ethernet capture, or is empty.</exception>
    public static IReadOnlyList<PcapRecord> Read(string path)
    {
        try
        {
            using PcapReader reader = PcapReader.Open(path);
            PcapRecord[] records = [.. reader.ReadAll()];
            return records.Length > 0 ? records : throw Fault(path, "there is no frame in it");
        }
        catch (PcapFormatException e)
        {
            throw Fault(path, $"{e.Message}; the demo plays Ethernet captures (pcap, pcapng)");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Fault(path, e.Message);
        }
    }

    /// <summary>What is wrong with a capture.</summary>
    public static DemoException Fault(string path, string what) => new($"--pcap: {path}: {what}", ExitCodes.Usage);
}
