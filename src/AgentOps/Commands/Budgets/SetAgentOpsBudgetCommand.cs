using System.Management.Automation;
using AgentOps.Completion;
using AgentOps.Engine.Permissions;
using AgentOps.Hosting;

namespace AgentOps.Commands;

/// <summary>Sets a budget, in place of one of the same name.</summary>
[Cmdlet(VerbsCommon.Set, "AgentOpsBudget", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(Output.Budget))]
public sealed class SetAgentOpsBudgetCommand : WorkspaceCmdlet
{
    /// <summary>Its name.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(BudgetNameCompleter))]
    public string Name { get; set; } = string.Empty;

    /// <summary>The most, included, in USD.</summary>
    [Parameter(Mandatory = true, Position = 1, ValueFromPipelineByPropertyName = true)]
    [ValidateRange(0, 1_000_000_000)]
    public decimal Max { get; set; }

    /// <summary>What it covers.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateSet("Workspace", "Agent", "Session", "Task")]
    public string Scope { get; set; } = "Workspace";

    /// <summary>The agent or the task.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(AgentNameCompleter))]
    public string? Of { get; set; }

    /// <summary>The sliding window, for example a day; without it, for ever.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Duration]
    public TimeSpan? Window { get; set; }

    /// <summary>Gives the budget.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private protected override async Task ProcessAsync(CancellationToken cancellationToken)
    {
        var budget = new Budget
        {
            Name = Name,
            Scope = Enum.Parse<BudgetScope>(Scope, ignoreCase: true),
            Of = string.IsNullOrEmpty(Of) ? null : Of,
            Max = Max,
            Window = Window,
        };
        var workspace = await GetWorkspaceAsync(cancellationToken);
        await ForEachNameAsync([Name], "Set the budget", async _ =>
        {
            var set = await workspace.Budgets.SetAsync(budget, cancellationToken);
            if (PassThru)
            {
                await WriteAsync(Output.Budget.From(BudgetBook.UseOf(await workspace.GetStateAsync(cancellationToken), set, DateTimeOffset.UtcNow)));
            }
        });
    }
}
