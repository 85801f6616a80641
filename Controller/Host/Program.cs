using NetServ.Controller;

return await CommandLine.RunAsync(args);
