using System.Collections;
using AgentOps.Engine.Workspaces;

namespace AgentOps.Completion;

/// <summary>Completes ids of requests.</summary>
internal sealed class RequestIdCompleter : WorkspaceCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<(string Name, string Tip)> Candidates(WorkspaceState state, IDictionary bound) =>
        state.Approvals.Requests.Select(request => (request.Id, $"{request.Agent}: {request.Resource} {request.Arguments}"));
}
