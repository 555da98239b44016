using System.CommandLine;
using System.Globalization;
using AgentOps.Cli.Hosting;
using AgentOps.Cli.Simulation;
using AgentOps.Cli.Workspaces;
using AgentOps.Engine.Accounting;
using AgentOps.Engine.Configuration;
using AgentOps.Engine.Invocation;
using AgentOps.Engine.Ledger;
using AgentOps.Engine.Workspaces;
using AgentOps.Protocol;
using AgentOps.Protocol.Simulation;

namespace AgentOps.Cli.Quickstart;

/// <summary>
/// <c>agentops quickstart</c>: the main job from end to end. An agent is created and granted a little; it is invoked; one call is
/// allowed, one refused by a rule, one stopped by a bound on its argument; the audit is listed and verified, the cost shown.
/// </summary>
internal static class QuickstartCommand
{
    private const string Prompt = "Look after this host and leave a folder for the handover.";

    public static Command Create()
    {
        var store = new Option<string?>("--store") { Description = "The folder of the workspace. Default: a new temporary folder." };
        var trace = new Option<string?>("--trace") { Description = "Production requests to simulate: a trace as 'simulate' takes it. Default: the whole Azure trace where AGENTOPS_DATA names a folder that has it, else an excerpt that the helper carries." };
        var command = new Command("quickstart", "Runs the main job from end to end on this host, with a scripted model.") { store, trace };
        var hosting = new HostingOptions(command);
        command.SetAction((parsed, cancellationToken) => CommandHost.RunAsync(
            parsed,
            hosting,
            (context, token) => RunAsync(context, parsed.GetValue(store), parsed.GetValue(trace), token),
            cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(CommandContext context, string? store, string? trace, CancellationToken cancellationToken)
    {
        store ??= Directory.CreateTempSubdirectory("agentops-quickstart-").FullName;
        Heading(context, "An agent, its tools and its permissions, from one YAML workspace");
        var configuration = ConfigurationSet.Parse(QuickstartResources.Workspace(), "workspace.yaml");
        await using var workspace = await WorkspaceOption.OpenAsync(store, cancellationToken);
        foreach (var group in (await workspace.Configuration.ImportAsync(configuration, cancellationToken)).GroupBy(change => change.Kind))
        {
            context.Out.WriteLine($"  {group.Key,-10} {string.Join(", ", group.Select(change => change.Name))}");
        }

        Heading(context, "The agent is invoked: what it may do it does, the rest is refused and says why");
        var printer = new SessionPrinter(context);
        InvocationResult? result = null;
        await foreach (var item in workspace.Invoker.InvokeAsync(new InvocationRequest { Agent = "host-watch", Prompt = Prompt, Task = "quickstart" }, cancellationToken))
        {
            printer.Print(item);
            result = item.Result ?? result;
        }

        Heading(context, "The audit, as the ledger holds it");
        await ShowAuditAsync(context, workspace, result!.Session, cancellationToken);

        Heading(context, "The ledger is verified, every line and signature");
        var verification = await workspace.Ledger.VerifyAsync(new LedgerVerificationOptions(), cancellationToken);
        context.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {(verification.IsWhole ? "whole" : "NOT WHOLE")}: {verification.Size} records, root {verification.Root}"));

        Heading(context, "What it cost");
        foreach (var usage in await workspace.Usage.MeasureAsync(UsageGrouping.Agent, null, cancellationToken))
        {
            context.Out.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"  {usage.Key}: {usage.Calls} model calls, {usage.InputTokens} tokens in, {usage.OutputTokens} out, ${usage.Cost:0.000000}, ${usage.CostPerCompletedSession:0.000000} a completed session"));
        }

        Heading(context, "Real requests, simulated on two accelerators: what would serving them take?");
        Simulate(context, trace, cancellationToken);
        return verification.IsWhole ? ExitCode.Done : ExitCode.No;
    }

    private static void Simulate(CommandContext context, string? trace, CancellationToken cancellationToken)
    {
        trace ??= QuickstartResources.WholeTrace();
        using var excerpt = trace is null ? QuickstartResources.UnpackTrace() : null;
        var request = new SimulationRequest
        {
            Model = "llama-3.1-8b",
            Accelerators = ["h100", "l40s"],
            Workload = new WorkloadRequest { Trace = trace ?? excerpt!.Path },
        };
        SimulateCommand.Simulate(context, request, catalog: null, cancellationToken);
    }

    private static async Task ShowAuditAsync(CommandContext context, Workspace workspace, string session, CancellationToken cancellationToken)
    {
        var table = new TextTable("#", "Event", "Tool", "Rules", "Why") { IsText = true };
        await foreach (var record in workspace.Ledger.ReadAsync(new LedgerQuery { Session = session }, cancellationToken))
        {
            var row = AuditRow.Of(record);
            table.Add(record.Sequence.ToString(CultureInfo.InvariantCulture), record.Type, row.Tool, row.Rules, row.Why);
        }

        table.WriteTo(context.Out);
    }

    private static void Heading(CommandContext context, string text)
    {
        context.Out.WriteLine();
        context.Out.WriteLine($"== {text}");
    }
}
