using System.CommandLine;
using AgentOps.Cli.Hosting;
using AgentOps.Cli.Simulation;
using AgentOps.Protocol;

var root = new RootCommand("AgentOps: just enough administration for AI agents. The helper that the cmdlets call, and a program of its own.");
root.Subcommands.Add(SimulateCommand.Create());
root.Subcommands.Add(OptimizeCommand.Create());
root.Subcommands.Add(VersionCommand.Create());

var parsed = root.Parse(args);
if (parsed.Errors.Count > 0)
{
    foreach (var error in parsed.Errors)
    {
        Console.Error.WriteLine($"agentops: {error.Message}");
    }

    Console.Error.WriteLine("  'agentops --help' shows the commands, 'agentops COMMAND --help' the options of one.");
    return ExitCode.Usage;
}

return await parsed.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromMilliseconds(100) });
