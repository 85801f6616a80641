using NetServ.OpenFlow;
using NetServ.OpenFlow.Tests.Generation;

namespace NetServ.Fuzz.Targets;

/// <summary>
/// Every decoder, through the printer; what is accepted is written and read again. Decoder and printer must agree, an error must point into
/// the input, and writing what was read must be stable.
/// </summary>
public sealed class OpenFlowTarget(int seed) : IFuzzTarget
{
    private readonly RandomMessages _messages = new(seed) { UnknownVendors = true, EmergencyFlag = true, UnnormalizedMatches = true };
    private readonly Reencoder _reencoder = new();
    private readonly byte[] _first = new byte[Framing.MaxLength];
    private readonly byte[] _second = new byte[Framing.MaxLength];

    public string Name => "openflow";

    public int Generate(Random random, Span<byte> buffer)
    {
        int length = _messages.Write(buffer, out _);
        // Now and then a second message behind it, for the framing.
        return random.Next(8) == 0 ? length + _messages.Write(buffer[length..], out _) : length;
    }

    public void Run(ReadOnlySpan<byte> input)
    {
        CheckMessage(input);
        ReadOnlySpan<byte> rest = input;
        while (Framing.TryReadFrame(ref rest, out ReadOnlySpan<byte> message, out DecodeError error))
        {
            Require(error.Code == DecodeErrorCode.None, "a frame and an error at once");
            CheckMessage(message);
        }
    }

    private void CheckMessage(ReadOnlySpan<byte> message)
    {
        string line = Printer.ToText(message, out DecodeError printed);
        Require(!line.AsSpan().ContainsAny('\n', '\r'), "more than one line");
        int length = _reencoder.Reencode(message, _first, out DecodeError error);
        Require(printed == error, "printer and decoder disagree");
        Require((length < 0) == (error.Code != DecodeErrorCode.None), "refused without an error, or read with one");
        if (length < 0)
        {
            Require(error.Offset >= 0 && (error.Offset < message.Length || message.Length < Header.Size), $"{error} is outside the input");
            return;
        }
        Require(length == message.Length, $"read {message.Length} bytes, wrote {length}");
        int again = _reencoder.Reencode(_first.AsSpan(0, length), _second, out _);
        Require(again == length && _first.AsSpan(0, length).SequenceEqual(_second.AsSpan(0, length)), "writing what was read is not stable");
    }

    private static void Require(bool condition, string what)
    {
        if (!condition)
            throw new InvalidOperationException(what);
    }
}
