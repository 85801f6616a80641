namespace NetServ.Signaling;

/// <summary>Why a request is not done.</summary>
/// <param name="Code">The kind of fault.</param>
/// <param name="Field">The header or part at fault, "filter-port"; empty if none is.</param>
/// <param name="Text">One sentence: what is wrong and the way out.</param>
public sealed record RequestRefusal(RequestError Code, string Field, string Text)
{
    /// <summary>"prefix-not-allowed".</summary>
    public string CodeWord => RequestErrors.CodeWord(Code);

    /// <summary>Status class of RFC 5973: 3, 4 or 5.</summary>
    public int StatusClass => RequestErrors.StatusClass(Code);

    /// <summary>"code: text (field)".</summary>
    public override string ToString() => Field.Length == 0 ? $"{CodeWord}: {Text}" : $"{CodeWord}: {Text} ({Field})";
}
