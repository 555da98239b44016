using System.Management.Automation;
using AgentOps.Completion;
using AgentOps.Engine.Errors;
using AgentOps.Hosting;
using AgentOps.Output;

namespace AgentOps.Commands;

/// <summary>Lists the rules in force.</summary>
[Cmdlet(VerbsCommon.Get, "AgentOpsPermission")]
[OutputType(typeof(Grant))]
public sealed class GetAgentOpsPermissionCommand : WorkspaceCmdlet
{
    /// <summary>Ids or patterns.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(GrantIdCompleter))]
    public string[]? Id { get; set; }

    /// <summary>Only rules that speak of this agent, or of every agent.</summary>
    [Parameter]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(AgentNameCompleter))]
    public string? Agent { get; set; }

    /// <summary>Only rules that speak of this resource.</summary>
    [Parameter]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(ResourceCompleter))]
    public string? Resource { get; set; }

    private protected override async Task ProcessAsync(CancellationToken cancellationToken)
    {
        var state = await GetStateAsync(cancellationToken);
        var grants = state.Grants.Values.Where(grant =>
            (Agent is null || grant.Rule.Subjects.Agents.Count == 0 || Matches(Agent, grant.Rule.Subjects.Agents))
            && (Resource is null || Matches(Resource, grant.Rule.Resources.Select(resource => resource.ToString()))));
        await WriteMatchesAsync(Id, grants, grant => grant.Rule.QualifiedId, Grant.From,
            id => new AgentOpsException(ErrorCodes.PermissionNotFound, $"There is no permission '{id}'{(Agent is null && Resource is null ? "" : " that fits the rest of the command")}.", id));
    }

    private static bool Matches(string pattern, IEnumerable<string> texts)
    {
        var wildcard = new WildcardPattern(pattern, WildcardOptions.IgnoreCase | WildcardOptions.CultureInvariant);
        return texts.Any(wildcard.IsMatch);
    }
}
