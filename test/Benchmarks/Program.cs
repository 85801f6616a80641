using NetServ.Benchmarks.Channel;
using NetServ.Benchmarks.Check;
using NetServ.Benchmarks.Codec;
using NetServ.Benchmarks.Filters;
using NetServ.Benchmarks.FirstPacket;
using NetServ.Benchmarks.Layers;
using NetServ.Benchmarks.Lookup;
using NetServ.Benchmarks.Placement;
using NetServ.Benchmarks.Pump;
using NetServ.Benchmarks.Routing;
using NetServ.Benchmarks.Simulation;
using NetServ.Benchmarks.Steering;

// The table of benchmarks: a name, and what it takes the remaining arguments to; the result is the exit code.
Dictionary<string, Func<string[], int>> benchmarks = new()
{
    ["codec"] = CodecBenchmark.Run,
    ["lookup"] = LookupBenchmark.Run,
    ["pump"] = PumpBenchmark.Run,
    ["layers"] = LayersBenchmark.Run,
    ["trivial"] = TrivialProgram.Run,
    ["routing"] = RoutingBenchmark.Run,
    ["placement"] = PlacementBenchmark.Run,
    ["filters"] = FilterBenchmark.Run,
    ["check"] = CheckBenchmark.Run,
    ["steering"] = SteeringBenchmark.Run,
    ["failover"] = FailoverBenchmark.Run,
    ["firstpacket"] = FirstPacketBenchmark.Run,
    ["simulate"] = SimulationCommand.Run,
};

if (args.Length == 0 || !benchmarks.TryGetValue(args[0], out Func<string[], int>? run))
{
    Console.Error.WriteLine($"usage: benchmarks NAME [OPTIONS], NAME one of: {string.Join(", ", benchmarks.Keys)}");
    return 2;
}
return run(args[1..]);
