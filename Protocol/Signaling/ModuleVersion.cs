namespace NetServ.Signaling;

/// <summary>
/// Which of two versions is the newer one: part by part between the dots, numbers as numbers, what is missing as 0; what follows a hyphen makes a
/// version earlier than the same one without; what follows a plus sign does not count (Semantic Versioning 2.0.0, section 11).
/// </summary>
public static class ModuleVersion
{
    /// <summary>Compares two versions of a <see cref="ModuleId"/>.</summary>
    /// <returns>Negative if <paramref name="a"/> is the older one, 0 if neither is, positive if <paramref name="b"/> is.</returns>
    public static int Compare(string a, string b)
    {
        (string releaseA, string? previewA) = Split(a);
        (string releaseB, string? previewB) = Split(b);
        int order = CompareParts(releaseA.Split('.'), releaseB.Split('.'), "0");
        if (order != 0)
            return order;
        if (previewA is null || previewB is null)
            return (previewA is null).CompareTo(previewB is null);
        return CompareParts(previewA.Split('.'), previewB.Split('.'), null);
    }

    private static (string Release, string? Preview) Split(string version)
    {
        int end = version.IndexOf('+');
        string counting = end < 0 ? version : version[..end];
        int hyphen = counting.IndexOf('-');
        return hyphen < 0 ? (counting, null) : (counting[..hyphen], counting[(hyphen + 1)..]);
    }

    // Where one has no part any more, the filler stands for it; with none, the longer one is the newer.
    private static int CompareParts(string[] a, string[] b, string? filler)
    {
        for (int i = 0; i < Math.Max(a.Length, b.Length); i++)
        {
            string? left = i < a.Length ? a[i] : filler;
            string? right = i < b.Length ? b[i] : filler;
            int order = left is null || right is null ? (right is null).CompareTo(left is null) : ComparePart(left, right);
            if (order != 0)
                return order;
        }
        return 0;
    }

    // Any length: a longer number, zeros in front aside, is the larger one.
    private static int ComparePart(string a, string b)
    {
        bool isNumberA = a.All(char.IsAsciiDigit);
        bool isNumberB = b.All(char.IsAsciiDigit);
        if (!isNumberA || !isNumberB)
            return isNumberA == isNumberB ? string.CompareOrdinal(a, b) : isNumberB.CompareTo(isNumberA);
        (string numberA, string numberB) = (a.TrimStart('0'), b.TrimStart('0'));
        return numberA.Length != numberB.Length ? numberA.Length.CompareTo(numberB.Length) : string.CompareOrdinal(numberA, numberB);
    }
}
