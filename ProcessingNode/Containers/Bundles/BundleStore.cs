using System.Security.Cryptography;

namespace NetServ.Node.Containers.Bundles;

/// <summary>Bundles by their SHA-256: downloaded once, verified, and kept in memory up to a number of bytes.</summary>
public sealed class BundleStore(BundleDownload download, long keepBytes = 128 * 1024 * 1024)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, byte[]> _kept = [];
    private readonly Queue<string> _oldest = new();
    private long _bytes;

    /// <summary>The bundle with this checksum, from memory or from <paramref name="url"/>.</summary>
    /// <param name="url">Where it is.</param>
    /// <param name="checksum">The 32 bytes of its SHA-256.</param>
    /// <param name="cancel">Gives up.</param>
    public async Task<Outcome<byte[]>> GetAsync(string url, ReadOnlyMemory<byte> checksum, CancellationToken cancel)
    {
        if (checksum.Length != SHA256.HashSizeInBytes)
            return new InstallRefusal(InstallError.WrongChecksum, $"checksum: it has {checksum.Length} bytes; give the bundle's SHA-256, which has 32.");
        string key = Convert.ToHexStringLower(checksum.Span);
        lock (_lock)
        {
            if (_kept.TryGetValue(key, out byte[]? kept))
                return kept;
        }
        Outcome<byte[]> outcome = await download.GetAsync(url, cancel).ConfigureAwait(false);
        if (outcome.IsRefused)
            return outcome;
        string actual = Convert.ToHexStringLower(SHA256.HashData(outcome.Value));
        if (actual != key)
            return new InstallRefusal(InstallError.WrongChecksum, $"checksum: {url} has SHA-256 {actual}, the request names {key}; sign the request for the bundle that is served.");
        Keep(key, outcome.Value);
        return outcome;
    }

    private void Keep(string key, byte[] bundle)
    {
        lock (_lock)
        {
            if (bundle.Length > keepBytes || !_kept.TryAdd(key, bundle))
                return;
            _oldest.Enqueue(key);
            _bytes += bundle.Length;
            while (_bytes > keepBytes && _kept.Remove(_oldest.Dequeue(), out byte[]? old))
                _bytes -= old.Length;
        }
    }
}
