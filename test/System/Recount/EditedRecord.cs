using System.Globalization;
using System.Text.Json;
using NetServ.System.Tests.Support;

namespace NetServ.System.Tests.Recount;

/// <summary>A copy of a recording, in which one frame of the phase "installed" is left out or put in.</summary>
internal sealed class EditedRecord : IDisposable
{
    private readonly string _original;
    private readonly string _window;

    public EditedRecord(string original)
    {
        _original = original;
        Folder = Directory.CreateTempSubdirectory("recount-").FullName;
        foreach (string file in Directory.EnumerateFiles(original))
            File.Copy(file, At(Path.GetFileName(file)));
        JsonElement part = JsonDocument.Parse(File.ReadAllText(At("manifest.json"))).RootElement.GetProperty("parts").GetProperty("installed");
        _window = $"frame.time_epoch >= {Seconds(part, "begin")} && frame.time_epoch <= {Seconds(part, "end")}";
    }

    public string Folder { get; }

    /// <summary>Leaves out the first frame that a display filter finds.</summary>
    public void LeaveOut(string file, string filter)
    {
        ExternalTool.Run("editcap", "-F", "nsecpcap", At(file), At("edited"), First(file, filter));
        File.Move(At("edited"), At(file), overwrite: true);
    }

    /// <summary>Puts the first frame that a display filter finds in one file into another, or once more into the same.</summary>
    public void PutIn(string file, string from, string filter)
    {
        ExternalTool.Run("editcap", "-F", "nsecpcap", "-r", Path.Combine(_original, from), At("one"), First(from, filter));
        ExternalTool.Run("mergecap", "-F", "nsecpcap", "-w", At("edited"), At(file), At("one"));
        File.Move(At("edited"), At(file), overwrite: true);
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    private static string Seconds(JsonElement part, string name) => (part.GetProperty(name).GetInt64() / 1e9m).ToString("0.000000000", CultureInfo.InvariantCulture);

    private string At(string name) => Path.Combine(Folder, name);

    private string First(string file, string filter)
    {
        string[] found = ExternalTool.Run("tshark", "-r", Path.Combine(_original, file), "-Y", $"({filter}) && {_window}", "-T", "fields", "-e", "frame.number");
        Assert.That(found, Is.Not.Empty, $"{filter} in {file}");
        return found[0];
    }
}
