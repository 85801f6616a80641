using System.Collections.Immutable;
using System.Globalization;
using NetServ.OpenFlow;

namespace NetServ.Controller.Core.Verification;

/// <summary>What an action does.</summary>
public enum PictureActionKind : byte
{
    /// <summary>Something that is not looked into: where the packet goes from here on is not known.</summary>
    Opaque = 0,

    /// <summary>Out of a port, physical or reserved.</summary>
    Output,

    /// <summary>VLAN id; an untagged packet gets a tag with priority 0.</summary>
    SetVlanVid,

    /// <summary>No tag.</summary>
    StripVlan,
}

/// <summary>An action of a rule.</summary>
/// <param name="Kind">What it does.</param>
/// <param name="Value">Port of an output, VLAN id of a tag, 0 otherwise.</param>
/// <param name="Text">An opaque action as ovs-ofctl writes it, null for others.</param>
public readonly record struct PictureAction(PictureActionKind Kind, ushort Value = 0, string? Text = null)
{
    /// <summary>Out of a port of <see cref="PortNo"/>.</summary>
    public static PictureAction Output(ushort port) => new(PictureActionKind.Output, port);

    /// <summary>VLAN id 0..4095.</summary>
    public static PictureAction SetVlanVid(ushort vid) => new(PictureActionKind.SetVlanVid, vid);

    /// <summary>No tag.</summary>
    public static PictureAction StripVlan { get; } = new(PictureActionKind.StripVlan);

    /// <summary>Actions as a switch tells them.</summary>
    public static ImmutableArray<PictureAction> ReadAll(ActionList actions) => ReadAll(actions.ToString());

    /// <summary>Actions as ovs-ofctl writes them, "mod_vlan_vid:5,output:1"; "drop" or nothing for none. What is not known is opaque.</summary>
    public static ImmutableArray<PictureAction> ReadAll(string text)
    {
        ImmutableArray<PictureAction>.Builder read = ImmutableArray.CreateBuilder<PictureAction>();
        int start = 0, depth = 0;
        for (int i = 0; i <= text.Length; i++)
        {
            char c = i < text.Length ? text[i] : ',';
            depth += c == '(' ? 1 : c == ')' ? -1 : 0;
            if (c != ',' || (depth > 0 && i < text.Length))
                continue;
            string one = text[start..i].Trim();
            start = i + 1;
            if (one.Length > 0 && one != "drop")
                read.Add(Read(one));
        }
        return read.ToImmutable();
    }

    /// <inheritdoc/>
    public override string ToString() => Kind switch
    {
        PictureActionKind.Output when PortNo.IsPhysical(Value) => $"output:{Value}",
        PictureActionKind.Output => PortNo.ToString(Value),
        PictureActionKind.SetVlanVid => $"mod_vlan_vid:{Value}",
        PictureActionKind.StripVlan => "strip_vlan",
        _ => Text ?? "?",
    };

    private static PictureAction Read(string text)
    {
        string[] parts = text.Split(':', 3);
        return parts[0] switch
        {
            "output" or "enqueue" when parts.Length > 1 && TryPort(parts[1], out ushort port) => Output(port),
            "mod_vlan_vid" when parts.Length == 2 && TryNumber(parts[1], out ushort vid) && vid <= 0xfff => SetVlanVid(vid),
            "strip_vlan" => StripVlan,
            _ when text.StartsWith("controller(", StringComparison.Ordinal) => Output(PortNo.Controller),
            _ when TryPort(parts[0], out ushort reserved) => Output(reserved),
            _ => new PictureAction(PictureActionKind.Opaque, 0, text),
        };
    }

    private static bool TryPort(string text, out ushort port)
    {
        if (TryNumber(text, out port))
            return true;
        for (int reserved = PortNo.InPort; reserved <= PortNo.Local; reserved++)
        {
            port = (ushort)reserved;
            if (PortNo.ToString(port) == text)
                return true;
        }
        return false;
    }

    private static bool TryNumber(string text, out ushort number) => ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
