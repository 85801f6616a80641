namespace NetServ.Controller.Core.Sessions;

/// <summary>
/// Memory in which the sessions of one loop write what they send, one after the other: it was allocated before the first packet, while a pool's
/// may have to be, whenever a size is asked for that it does not have or has given up. What a peer does not take at once moves to memory of its own.
/// </summary>
/// <param name="size">Bytes.</param>
public sealed class TurnMemory(int size)
{
    private readonly byte[] _bytes = new byte[size];
    private bool _isLent;

    /// <summary>Lends it if nobody has it and <paramref name="count"/> bytes fit.</summary>
    internal bool TryLend(int count, out byte[] bytes)
    {
        bytes = _bytes;
        return !_isLent && count <= _bytes.Length && (_isLent = true);
    }

    /// <summary>Takes it back; false for other memory.</summary>
    internal bool TryTakeBack(byte[] bytes)
    {
        if (bytes != _bytes)
            return false;
        _isLent = false;
        return true;
    }
}
