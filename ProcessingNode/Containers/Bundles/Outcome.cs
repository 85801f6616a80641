using System.Diagnostics.CodeAnalysis;

namespace NetServ.Node.Containers.Bundles;

/// <summary>A value, or the reason why there is none.</summary>
public readonly struct Outcome<T>
    where T : class
{
    private Outcome(T? value, InstallRefusal? refusal)
    {
        Value = value;
        Refusal = refusal;
    }

    /// <summary>The value; null if refused.</summary>
    public T? Value { get; }

    /// <summary>The reason; null if there is a value.</summary>
    public InstallRefusal? Refusal { get; }

    /// <summary>Whether there is no value.</summary>
    [MemberNotNullWhen(true, nameof(Refusal))]
    [MemberNotNullWhen(false, nameof(Value))]
    public bool IsRefused => Refusal is not null;

    /// <summary>There is a value.</summary>
    public static implicit operator Outcome<T>(T value) => new(value, null);

    /// <summary>There is none.</summary>
    public static implicit operator Outcome<T>(InstallRefusal refusal) => new(null, refusal);
}
