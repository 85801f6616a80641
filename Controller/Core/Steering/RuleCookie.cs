namespace NetServ.Controller.Core.Steering;

/// <summary>
/// The cookie of a rule of ours, which says who owns it. 64 bits, never changed later:
/// <code>
/// bits 63..56  magic 0x4e
/// bits 55..52  version 1
/// bits 51..48  <see cref="RuleKind"/>
/// bits 47..32  domain: the controller cluster or slice, never one instance
/// bits 31..0   owner id; 0 where no filter owns the rule
/// </code>
/// The magic keeps it apart from 0 (nobody's) and all ones (reserved).
/// </summary>
public readonly record struct RuleCookie(RuleKind Kind, ushort Domain, uint OwnerId)
{
    private const ulong Magic = 0x4e;
    private const ulong Version = 1;

    /// <summary>The 64 bits.</summary>
    public ulong Value => (Magic << 56) | (Version << 52) | ((ulong)Kind << 48) | ((ulong)Domain << 32) | OwnerId;

    /// <summary>Whether the bits are a cookie of ours of any domain.</summary>
    public static bool TryRead(ulong value, out RuleCookie cookie)
    {
        cookie = new RuleCookie((RuleKind)((value >> 48) & 0xf), (ushort)(value >> 32), (uint)value);
        return value >> 52 == ((Magic << 4) | Version);
    }
}
