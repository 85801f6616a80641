using NetServ.Node.Options;

return await NodeCommand.RunAsync(args, Console.Out, Console.Error);
