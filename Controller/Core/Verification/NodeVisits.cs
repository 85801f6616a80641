namespace NetServ.Controller.Core.Verification;

/// <summary>Splits packets by what the modules of a node make of them.</summary>
internal static class NodeVisits
{
    /// <summary>The packets that come back, with the owner ids of the modules that processed them in order; those to the node itself do not.</summary>
    public static List<(Region Region, uint[] Ran)> Split(CompiledPicture picture, RegionMaker regions, PictureNode node, Region region, in Rewrite rewrite)
    {
        Cube[] own = Pull(node.Addresses.Select(HeaderLayout.To), rewrite);
        if (regions.Without(region, own) is not { } others)
            return [];
        List<(Region Region, uint[] Ran)> parts = [(others, [])];
        foreach (uint owner in node.Active)
        {
            if (picture.FilterOf(owner) is not { } filter)
                continue;
            Cube[] matches = Pull(filter.Matches, rewrite);
            List<(Region, uint[])> next = [];
            foreach ((Region part, uint[] ran) in parts)
            {
                for (int i = 0; i < matches.Length; i++)
                {
                    if (regions.And(part, matches[i], matches.AsSpan(0, i)) is { } processed)
                        next.Add((processed, [.. ran, owner]));
                }
                if (regions.Without(part, matches) is { } passed)
                    next.Add((passed, ran));
            }
            parts = next;
        }
        return parts;
    }

    private static Cube[] Pull(IEnumerable<Cube> cubes, in Rewrite rewrite)
    {
        List<Cube> pulled = [];
        foreach (Cube cube in cubes)
        {
            if (rewrite.TryPull(cube, out Cube entered))
                pulled.Add(entered);
        }
        return [.. pulled];
    }
}
