using AgentOps.Engine.Workspaces;

namespace AgentOps.Engine.Permissions;

/// <summary>The compiled set of the rules in force; compiled anew only when rules or groups have changed.</summary>
/// <param name="groups">The groups of the operating system and the database; null: rules that name one are in error.</param>
internal sealed class PolicyCache(IGroupSource? groups = null)
{
    private volatile Entry? _entry;

    /// <summary>The compiled set of a state.</summary>
    public PolicySet For(WorkspaceState state)
    {
        var entry = _entry;
        if (entry is null || !ReferenceEquals(entry.Grants, state.Grants) || !ReferenceEquals(entry.Groups, state.Groups))
        {
            // A rule may outlive a tool that it names; what no longer exists matches nothing.
            var context = new PolicyContext { Groups = state.Groups.Values.ToArray(), ExternalGroups = groups };
            _entry = entry = new Entry(state.Grants, state.Groups, PolicySet.Compile(Rules(state), context));
        }

        return entry.Set;
    }

    /// <summary>Compiles the rules of a state with all that they name looked up; the check of a change before it is written.</summary>
    /// <exception cref="Errors.AgentOpsException"><c>InvalidPolicy</c>, naming every rule that is wrong.</exception>
    public static PolicySet Compile(WorkspaceState state) => PolicySet.Compile(
        Rules(state),
        new PolicyContext
        {
            KnownAgents = state.Agents.Keys.ToArray(),
            KnownTools = state.Tools.Keys.ToArray(),
            KnownRoutes = state.Routes.Keys.ToArray(),
            Groups = state.Groups.Values.ToArray(),
        });

    private static PolicyRule[] Rules(WorkspaceState state) => state.Grants.Values.Select(grant => grant.Rule).ToArray();

    private sealed record Entry(object Grants, object Groups, PolicySet Set);
}
