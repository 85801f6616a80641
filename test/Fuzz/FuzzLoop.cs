namespace NetServ.Fuzz;

/// <summary>An input that made a target throw.</summary>
public sealed record Finding(string Target, byte[] Input, Exception Exception)
{
    /// <summary>Target, input in hex, exception.</summary>
    public override string ToString() => $"{Target}: {Convert.ToHexStringLower(Input)}\n{Exception}";
}

/// <summary>What a run did.</summary>
public sealed record FuzzReport(long Executions, IReadOnlyList<Finding> Findings);

/// <summary>Drives targets in turn with spoiled inputs until the time is up or enough was found.</summary>
public static class FuzzLoop
{
    private const int MaxFindings = 20;
    private const int InputsPerTurn = 256;
    private const int BufferSize = 66_000;

    /// <summary>Runs for <paramref name="duration"/>; the inputs, in their order, depend on the seed alone.</summary>
    public static FuzzReport Run(IReadOnlyList<IFuzzTarget> targets, TimeSpan duration, int seed, TimeProvider time)
    {
        Random random = new(seed);
        byte[] buffer = new byte[BufferSize];
        List<Finding> findings = [];
        long executions = 0;
        long start = time.GetTimestamp();
        while (time.GetElapsedTime(start) < duration && findings.Count < MaxFindings)
        {
            foreach (IFuzzTarget target in targets)
            {
                for (int i = 0; i < InputsPerTurn; i++, executions++)
                    RunOnce(target, random, buffer, findings);
            }
        }
        return new FuzzReport(executions, findings);
    }

    private static void RunOnce(IFuzzTarget target, Random random, byte[] buffer, List<Finding> findings)
    {
        int length = Mutator.Mutate(random, buffer, target.Generate(random, buffer));
        try
        {
            target.Run(buffer.AsSpan(0, length));
        }
        catch (Exception exception)
        {
            findings.Add(new Finding(target.Name, buffer[..length], exception));
        }
    }
}
