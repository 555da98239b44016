using System.Management.Automation;
using AgentOps.Completion;
using AgentOps.Engine.Errors;
using AgentOps.Engine.Memories;
using AgentOps.Hosting;
using AgentOps.Output;

namespace AgentOps.Commands;

/// <summary>Takes facts out of an agent's memory.</summary>
[Cmdlet(VerbsCommon.Remove, "AgentOpsMemory", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(void))]
public sealed class RemoveAgentOpsMemoryCommand : WorkspaceCmdlet
{
    /// <summary>The names of the facts.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(MemoryNameCompleter))]
    public string[] Name { get; set; } = [];

    /// <summary>The agent that keeps them.</summary>
    [Parameter(Mandatory = true, Position = 1, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(AgentNameCompleter))]
    public string Agent { get; set; } = string.Empty;

    /// <summary>The person for whom they are kept, <c>anyone</c> for those that all persons share; without it, all of the name.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(MemoryPersonCompleter))]
    public string? OnBehalfOf { get; set; }

    private protected override async Task ProcessAsync(CancellationToken cancellationToken)
    {
        var workspace = await GetWorkspaceAsync(cancellationToken);
        foreach (var name in Name)
        {
            await ForItemAsync(name, async () =>
            {
                var state = await workspace.GetStateAsync(cancellationToken);
                foreach (var fact in Find(state, name))
                {
                    if (await ConfirmAsync($"{fact.Name} of {fact.Agent} for {fact.OnBehalfOf ?? Memory.Anyone}", "Remove the fact"))
                    {
                        await workspace.Memory.RemoveAsync(fact.Agent, fact.OnBehalfOf, fact.Name, cancellationToken);
                    }
                }
            });
        }
    }

    private MemoryFact[] Find(Engine.Workspaces.WorkspaceState state, string name)
    {
        if (!state.Agents.TryGetValue(Agent, out var agent))
        {
            throw new AgentOpsException(ErrorCodes.AgentNotFound, $"There is no agent '{Agent}'.", Agent);
        }

        var facts = state.Memory.All.Where(fact =>
            string.Equals(fact.Agent, agent.Definition.Name, StringComparison.OrdinalIgnoreCase)
            && string.Equals(fact.Name, name, StringComparison.OrdinalIgnoreCase)
            && (OnBehalfOf is null || string.Equals(fact.OnBehalfOf ?? Memory.Anyone, OnBehalfOf, StringComparison.Ordinal))).ToArray();
        return facts.Length > 0 ? facts : throw new AgentOpsException(
            ErrorCodes.FactNotFound, $"The agent '{agent.Definition.Name}' keeps no fact '{name}'{(OnBehalfOf is null ? string.Empty : $" for '{OnBehalfOf}'")}.", name);
    }
}
