using System.CommandLine;
using System.Globalization;
using AgentOps.Cli.Hosting;
using AgentOps.Engine.Configuration;
using AgentOps.Engine.Errors;
using AgentOps.Engine.Invocation;
using AgentOps.Engine.Sessions;
using AgentOps.Protocol;

namespace AgentOps.Cli.Workspaces;

/// <summary><c>agentops run FILE</c>: imports a configuration and invokes one agent of it, without PowerShell.</summary>
internal static class RunCommand
{
    public static Command Create()
    {
        var file = new Argument<string>("file") { Description = "A YAML file, or a folder of them, with the workspace's configuration." };
        var agent = new Option<string?>("--agent") { Description = "The agent to invoke; not needed where the configuration has only one." };
        var prompt = new Option<string>("--prompt") { Description = "What it is asked; '-' reads standard input.", Required = true };
        var task = new Option<string?>("--task") { Description = "What the work is booked under." };
        var planOnly = new Option<bool>("--plan-only") { Description = "Run only tools without side effect, and list the other calls." };
        var store = WorkspaceOption.Create();
        var command = new Command("run", "Imports a configuration and invokes one agent of it.") { file, agent, prompt, task, planOnly, store };
        var hosting = new HostingOptions(command);
        command.SetAction((parsed, cancellationToken) => CommandHost.RunAsync(parsed, hosting, (context, token) => RunAsync(
            context,
            parsed.GetValue(store)!,
            parsed.GetValue(file)!,
            parsed.GetValue(agent),
            new InvocationRequest
            {
                Agent = string.Empty,
                Prompt = parsed.GetValue(prompt) is "-" ? Console.In.ReadToEnd() : parsed.GetValue(prompt)!,
                Task = parsed.GetValue(task),
                PlanOnly = parsed.GetValue(planOnly),
            },
            token), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(CommandContext context, string store, string file, string? agent, InvocationRequest request, CancellationToken cancellationToken)
    {
        var configuration = await ConfigurationSet.ReadAsync(file, cancellationToken);
        await using var workspace = await WorkspaceOption.OpenAsync(store, cancellationToken);
        await workspace.Configuration.ImportAsync(configuration, cancellationToken);

        var printer = new SessionPrinter(context);
        InvocationResult? result = null;
        await foreach (var item in workspace.Invoker.InvokeAsync(request with { Agent = agent ?? OnlyAgent(configuration, file) }, cancellationToken))
        {
            printer.Print(item);
            result = item.Result ?? result;
        }

        context.Error.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{result!.Status}: {result.Reason} Session {result.Session}, {result.Steps} model calls, {result.ToolCalls} tool calls, {result.Refusals} refused, ${result.Cost}."));
        return result.Status == SessionStatus.Completed ? ExitCode.Done : ExitCode.No;
    }

    private static string OnlyAgent(ConfigurationSet configuration, string file)
    {
        var agents = configuration.Agents.Select(candidate => candidate.Name).ToArray();
        return agents.Length == 1
            ? agents[0]
            : throw new AgentOpsException(
                ErrorCodes.AgentNotFound,
                agents.Length == 0 ? $"The configuration '{file}' has no agent." : $"The configuration '{file}' has {agents.Length} agents: {string.Join(", ", agents)}.",
                file,
                "Name the agent with --agent.");
    }
}
