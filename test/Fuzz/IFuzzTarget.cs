namespace NetServ.Fuzz;

/// <summary>Something that reads bytes from strangers. A new one goes into the table of Program.cs.</summary>
public interface IFuzzTarget
{
    /// <summary>Name on the command line and in the report.</summary>
    string Name { get; }

    /// <summary>Writes a valid input to the front of <paramref name="buffer"/>, to be mutated, and returns its length.</summary>
    int Generate(Random random, Span<byte> buffer);

    /// <summary>Reads an input. Throws whatever is a finding; refusing the input in the documented way is none.</summary>
    void Run(ReadOnlySpan<byte> input);
}
