using NetServ.Controller.Core.Sessions;

namespace NetServ.Controller.OpenFlow;

/// <summary>What connections read with, one after the other; it is the loop's.</summary>
internal sealed class ReadTurn
{
    /// <summary>Bytes that one reads at once at the most.</summary>
    public const int Whole = 256 * 1024;

    private const int Share = 64 * 1024;

    private readonly byte[] _buffer = new byte[Whole];

    /// <summary>Whether several wait: each gets a share, and then the next has its turn. Alone one reads without limit.</summary>
    public bool IsContended { get; set; }

    /// <summary>For a session that is behind.</summary>
    public PortShares Shares { get; } = new();

    /// <summary>Room for one read. A flood is read faster than it is handled: what is left out costs little, and what is behind it comes sooner.</summary>
    public Span<byte> BufferFor(bool floods) => _buffer.AsSpan(0, IsContended && !floods ? Share : Whole);
}
