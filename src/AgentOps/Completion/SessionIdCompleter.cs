using System.Collections;
using AgentOps.Engine.Workspaces;

namespace AgentOps.Completion;

/// <summary>Completes ids of sessions.</summary>
internal sealed class SessionIdCompleter : WorkspaceCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<(string Name, string Tip)> Candidates(WorkspaceState state, IDictionary bound) =>
        state.Sessions.Values.Select(session => (session.Id, $"{session.Agent}, {session.Status}"));
}
