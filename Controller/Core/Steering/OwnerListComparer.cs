using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace NetServ.Controller.Core.Steering;

/// <summary>Compares lists of owner ids by content, so that one on the stack finds one that is kept.</summary>
internal sealed class OwnerListComparer : IEqualityComparer<uint[]>, IAlternateEqualityComparer<ReadOnlySpan<uint>, uint[]>
{
    public bool Equals(uint[]? x, uint[]? y) => x.AsSpan().SequenceEqual(y);

    public int GetHashCode([DisallowNull] uint[] obj) => GetHashCode((ReadOnlySpan<uint>)obj);

    public uint[] Create(ReadOnlySpan<uint> alternate) => alternate.ToArray();

    public bool Equals(ReadOnlySpan<uint> alternate, uint[] other) => alternate.SequenceEqual(other);

    public int GetHashCode(ReadOnlySpan<uint> alternate)
    {
        HashCode hash = default;
        hash.AddBytes(MemoryMarshal.AsBytes(alternate));
        return hash.ToHashCode();
    }
}
