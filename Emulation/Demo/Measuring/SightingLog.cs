namespace NetServ.Demo.Measuring;

/// <summary>Sightings of one direction of one port or connection: one writer, any readers, no allocation but a block now and then.</summary>
internal sealed class SightingLog
{
    private const int BlockSize = 4096;

    private readonly List<Sighting[]> _blocks = [];
    private readonly Lock _gate = new();
    private Sighting[] _current = [];
    private int _used = BlockSize;

    /// <summary>Adds a sighting.</summary>
    public void Add(in Sighting sighting)
    {
        lock (_gate)
        {
            if (_used == BlockSize)
            {
                _current = new Sighting[BlockSize];
                _blocks.Add(_current);
                _used = 0;
            }
            _current[_used++] = sighting;
        }
    }

    /// <summary>Appends all sightings so far to <paramref name="target"/>.</summary>
    public void CopyTo(List<Sighting> target)
    {
        lock (_gate)
        {
            foreach (Sighting[] block in _blocks)
                target.AddRange(block.AsSpan(0, block == _current ? _used : BlockSize));
        }
    }
}
