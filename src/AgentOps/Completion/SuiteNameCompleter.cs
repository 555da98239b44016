using System.Collections;
using AgentOps.Engine.Benchmarks.Agents;
using AgentOps.Engine.Workspaces;

namespace AgentOps.Completion;

/// <summary>Completes names of suites that are shipped.</summary>
internal sealed class SuiteNameCompleter : WorkspaceCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<(string Name, string Tip)> Candidates(WorkspaceState state, IDictionary bound) =>
        AgentSuites.Names.Select(name => (name, string.Empty));
}
