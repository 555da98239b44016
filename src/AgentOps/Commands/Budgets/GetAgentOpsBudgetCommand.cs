using System.Management.Automation;
using AgentOps.Completion;
using AgentOps.Engine.Errors;
using AgentOps.Engine.Permissions;
using AgentOps.Hosting;

namespace AgentOps.Commands;

/// <summary>Lists budgets with what was spent of them.</summary>
[Cmdlet(VerbsCommon.Get, "AgentOpsBudget")]
[OutputType(typeof(Output.Budget))]
public sealed class GetAgentOpsBudgetCommand : WorkspaceCmdlet
{
    /// <summary>Names or patterns.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(BudgetNameCompleter))]
    public string[]? Name { get; set; }

    private protected override async Task ProcessAsync(CancellationToken cancellationToken)
    {
        var state = await GetStateAsync(cancellationToken);
        await WriteMatchesAsync(Name, state.Budgets.Values, budget => budget.Name, budget => Output.Budget.From(BudgetBook.UseOf(state, budget, DateTimeOffset.UtcNow)),
            name => new AgentOpsException(ErrorCodes.BudgetNotFound, $"There is no budget '{name}'.", name));
    }
}
