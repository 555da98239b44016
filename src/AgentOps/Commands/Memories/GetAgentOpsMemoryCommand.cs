using System.Management.Automation;
using AgentOps.Completion;
using AgentOps.Engine.Errors;
using AgentOps.Hosting;
using AgentOps.Output;

namespace AgentOps.Commands;

/// <summary>Lists the facts that agents keep beyond their sessions.</summary>
[Cmdlet(VerbsCommon.Get, "AgentOpsMemory")]
[OutputType(typeof(Memory))]
public sealed class GetAgentOpsMemoryCommand : WorkspaceCmdlet
{
    /// <summary>Names of facts, or patterns.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(MemoryNameCompleter))]
    public string[]? Name { get; set; }

    /// <summary>The agents, by name or pattern; without it, all.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(AgentNameCompleter))]
    public string[] Agent { get; set; } = ["*"];

    /// <summary>The persons for whom facts are kept, or patterns; <c>anyone</c> for facts that all persons share.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(MemoryPersonCompleter))]
    public string[] OnBehalfOf { get; set; } = ["*"];

    private protected override async Task ProcessAsync(CancellationToken cancellationToken)
    {
        var workspace = await GetWorkspaceAsync(cancellationToken);
        var facts = await workspace.Memory.ListAsync(cancellationToken);
        var agents = (await workspace.GetStateAsync(cancellationToken)).Agents;
        foreach (var missing in Agent.Where(agent => !WildcardPattern.ContainsWildcardCharacters(agent) && !agents.ContainsKey(agent)))
        {
            await WriteErrorAsync(Errors.ErrorRecords.From(new AgentOpsException(ErrorCodes.AgentNotFound, $"There is no agent '{missing}'.", missing), missing));
        }

        await ForMatchesAsync(
            Name,
            facts.Where(fact => IsMatch(Agent, fact.Agent) && IsMatch(OnBehalfOf, fact.OnBehalfOf ?? Memory.Anyone)),
            fact => fact.Name,
            async fact => await WriteAsync(Memory.From(fact, await workspace.Memory.ReadAsync(fact, cancellationToken))),
            name => new AgentOpsException(ErrorCodes.FactNotFound, $"No fact '{name}' is kept.", name));
    }

    private static bool IsMatch(string[] patterns, string text) =>
        patterns.Any(pattern => new WildcardPattern(pattern, WildcardOptions.IgnoreCase | WildcardOptions.CultureInvariant).IsMatch(text));
}
