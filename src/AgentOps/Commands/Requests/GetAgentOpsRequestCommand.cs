using System.Management.Automation;
using AgentOps.Completion;
using AgentOps.Engine.Errors;
using AgentOps.Hosting;
using AgentOps.Output;

namespace AgentOps.Commands;

/// <summary>Lists what persons are asked, the oldest first.</summary>
[Cmdlet(VerbsCommon.Get, "AgentOpsRequest")]
[OutputType(typeof(Request))]
public sealed class GetAgentOpsRequestCommand : WorkspaceCmdlet
{
    /// <summary>Ids or patterns.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(RequestIdCompleter))]
    public string[]? Id { get; set; }

    /// <summary>Only requests that stand so.</summary>
    [Parameter]
    [ValidateSet("Pending", "Approved", "Denied", "Expired", "Consumed", "Burned")]
    public string[]? State { get; set; }

    private protected override async Task ProcessAsync(CancellationToken cancellationToken)
    {
        var workspace = await GetWorkspaceAsync(cancellationToken);
        var requests = (await workspace.Requests.ListAsync(cancellationToken))
            .Select(Request.From)
            .Where(request => State is null || State.Contains(request.State, StringComparer.OrdinalIgnoreCase));
        await WriteMatchesAsync(Id, requests, request => request.Id, request => request,
            id => new AgentOpsException(ErrorCodes.RequestNotFound, $"There is no request '{id}'{(State is null ? "" : " that fits the rest of the command")}.", id));
    }
}
