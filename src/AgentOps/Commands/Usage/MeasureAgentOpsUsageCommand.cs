using System.Management.Automation;
using AgentOps.Engine.Accounting;
using AgentOps.Hosting;

namespace AgentOps.Commands;

/// <summary>Sums what models used, the dearest first.</summary>
[Cmdlet(VerbsDiagnostic.Measure, "AgentOpsUsage")]
[OutputType(typeof(Output.UsageSummary))]
public sealed class MeasureAgentOpsUsageCommand : WorkspaceCmdlet
{
    /// <summary>What to sum by.</summary>
    [Parameter(Position = 0)]
    [ValidateSet("Agent", "Task", "Route", "Model", "Day")]
    public string By { get; set; } = "Agent";

    /// <summary>Only what came after this time.</summary>
    [Parameter]
    public DateTimeOffset After { get; set; }

    private protected override async Task ProcessAsync(CancellationToken cancellationToken)
    {
        var workspace = await GetWorkspaceAsync(cancellationToken);
        await workspace.Ledger.RefreshAsync(cancellationToken);
        var grouping = Enum.Parse<UsageGrouping>(By, ignoreCase: true);
        DateTimeOffset? after = MyInvocation.BoundParameters.ContainsKey(nameof(After)) ? After.ToUniversalTime() : null;
        foreach (var summary in await workspace.Usage.MeasureAsync(grouping, after, cancellationToken))
        {
            await WriteAsync(Output.UsageSummary.From(grouping.ToString(), summary));
        }
    }
}
