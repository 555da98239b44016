using System.CommandLine;
using AgentOps.Cli.Hosting;
using AgentOps.Cli.Ledger;
using AgentOps.Cli.Quickstart;
using AgentOps.Cli.Routing;
using AgentOps.Cli.Serving;
using AgentOps.Cli.Simulation;
using AgentOps.Cli.Workspaces;
using AgentOps.Protocol;

var root = new RootCommand("AgentOps: just enough administration for AI agents. The helper that the cmdlets call, and a program of its own.");
root.Subcommands.Add(RunCommand.Create());
root.Subcommands.Add(SimulateCommand.Create());
root.Subcommands.Add(QuickstartCommand.Create());
root.Subcommands.Add(VerifyCommand.Create());
root.Subcommands.Add(ServeCommand.Create());
root.Subcommands.Add(EvaluateRouterCommand.Create());
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

return await parsed.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromSeconds(2) });
