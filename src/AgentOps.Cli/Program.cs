using System.CommandLine;
using AgentOps.Cli.Quickstart;
using AgentOps.Cli.Workspaces;

var root = new RootCommand("AgentOps: Just Enough Administration for AI agents. The helper of the PowerShell module, and a program of its own.")
{
    RunCommand.Create(),
    QuickstartCommand.Create(),
};
return await root.Parse(args).InvokeAsync();
