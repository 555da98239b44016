using AgentOps.Engine.Identity;

namespace AgentOps.Engine.Agents;

/// <summary>An agent as the ledger tells it now.</summary>
/// <param name="Definition">What the administrator said of it.</param>
/// <param name="Created">When it was created, UTC.</param>
/// <param name="Changed">When it was last changed, UTC.</param>
/// <param name="IsSuspended">Whether it may not act.</param>
/// <param name="Spent">What its models have cost, in USD.</param>
/// <param name="Reserved">What is set aside for model calls in flight, in USD.</param>
public sealed record AgentState(
    AgentDefinition Definition,
    DateTimeOffset Created,
    DateTimeOffset Changed,
    bool IsSuspended,
    decimal Spent,
    decimal Reserved)
{
    /// <summary>What agents that it delegated to have spent or set aside for it, in USD; counted against its budget as well as theirs.</summary>
    public decimal Delegated { get; init; }

    /// <summary>The public halves of the keys with which it proves who it is, one a host that runs it, and those before while their tokens are valid.</summary>
    public IReadOnlyList<AgentKey> Keys { get; init; } = [];
}
