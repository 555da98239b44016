using System.CommandLine;
using System.Globalization;
using AgentOps.Cli.Hosting;
using AgentOps.Cli.Workspaces;
using AgentOps.Engine.Accounting;
using AgentOps.Engine.Configuration;
using AgentOps.Engine.Invocation;
using AgentOps.Engine.Ledger;
using AgentOps.Engine.Workspaces;
using Spectre.Console;

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
        var command = new Command("quickstart", "Runs the main job from end to end on this host, with a scripted model.") { store };
        command.SetAction((parsed, cancellationToken) => CommandGuard.RunAsync(() => RunAsync(parsed.GetValue(store), cancellationToken)));
        return command;
    }

    private static async Task<int> RunAsync(string? store, CancellationToken cancellationToken)
    {
        store ??= Directory.CreateTempSubdirectory("agentops-quickstart-").FullName;
        Heading("An agent, its tools and its permissions, from one YAML workspace");
        var configuration = ConfigurationSet.Parse(QuickstartWorkspace.Text(), "workspace.yaml");
        await using var workspace = await WorkspaceOption.OpenAsync(store, cancellationToken);
        foreach (var group in (await workspace.Configuration.ImportAsync(configuration, cancellationToken)).GroupBy(change => change.Kind))
        {
            Console.WriteLine($"  {group.Key,-10} {string.Join(", ", group.Select(change => change.Name))}");
        }

        Heading("The agent is invoked: what it may do it does, the rest is refused and says why");
        var printer = new SessionPrinter(Console.Out);
        InvocationResult? result = null;
        await foreach (var item in workspace.Invoker.InvokeAsync(new InvocationRequest { Agent = "host-watch", Prompt = Prompt, Task = "quickstart" }, cancellationToken))
        {
            printer.Print(item);
            result = item.Result ?? result;
        }

        Heading("The audit, as the ledger holds it");
        await ShowAuditAsync(workspace, result!.Session, cancellationToken);

        Heading("The ledger is verified, every line and signature");
        var verification = await workspace.Ledger.VerifyAsync(new LedgerVerificationOptions(), cancellationToken);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {(verification.IsWhole ? "whole" : "NOT WHOLE")}: {verification.Size} records, root {verification.Root}"));

        Heading("What it cost");
        foreach (var usage in await workspace.Usage.MeasureAsync(UsageGrouping.Agent, null, cancellationToken))
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"  {usage.Key}: {usage.Calls} model calls, {usage.InputTokens} tokens in, {usage.OutputTokens} out, ${usage.Cost:0.000000}, ${usage.CostPerCompletedSession:0.000000} a completed session"));
        }

        return verification.IsWhole ? ExitCodes.Done : ExitCodes.No;
    }

    private static async Task ShowAuditAsync(Workspace workspace, string session, CancellationToken cancellationToken)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumns("#", "Event", "Tool", "Rules", "Why");
        await foreach (var record in workspace.Ledger.ReadAsync(new LedgerQuery { Session = session }, cancellationToken))
        {
            var row = AuditRow.Of(record);
            table.AddRow(new Text(record.Sequence.ToString(CultureInfo.InvariantCulture)), new Text(record.Type), new Text(row.Tool), new Text(row.Rules), new Text(row.Why));
        }

        AnsiConsole.Write(table);
    }

    private static void Heading(string text)
    {
        Console.WriteLine();
        Console.WriteLine($"== {text}");
    }
}
