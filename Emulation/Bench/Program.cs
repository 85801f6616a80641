using NetServ.Bench;

return BenchCommand.Run(args, Console.Out, Console.Error);
