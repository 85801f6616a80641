using System.Globalization;

namespace NetServ.Node;

/// <summary>One line per event, with time and the node's name, from any thread.</summary>
public sealed class NodeLog(TextWriter writer, string name, TimeProvider time)
{
    private readonly Lock _lock = new();

    /// <summary>Writes a line.</summary>
    public void Write(string text)
    {
        string line = string.Create(CultureInfo.InvariantCulture, $"{time.GetUtcNow():HH:mm:ss.fff} {name}: {text}");
        lock (_lock)
            writer.WriteLine(line);
    }
}
