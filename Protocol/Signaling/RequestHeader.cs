namespace NetServ.Signaling;

/// <summary>One header line of a request.</summary>
/// <param name="Name">Lower-case name.</param>
/// <param name="Value">Value without the blanks around it.</param>
public readonly record struct RequestHeader(string Name, string Value)
{
    /// <summary>"name: value".</summary>
    public override string ToString() => $"{Name}: {Value}";
}
