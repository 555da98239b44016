using AgentOps.Engine.Approvals;

namespace AgentOps.Engine.Permissions;

/// <summary>One question: may this agent do this, now?</summary>
public sealed record AuthorizationRequest
{
    /// <summary>The agent's name.</summary>
    public required string Agent { get; init; }

    /// <summary>
    /// The agents that delegated to it, the first one first. What is asked is allowed only where it is allowed to each of
    /// them as well.
    /// </summary>
    public IReadOnlyList<string> Delegators { get; init; } = [];

    /// <summary>The person for whom it acts; null when it acts for no one.</summary>
    public string? OnBehalfOf { get; init; }

    /// <summary>The resource: <c>tool:NAME</c>, <c>route:NAME</c>, <c>data:PATH</c>, <c>net:HOST</c> or <c>agent:NAME</c>.</summary>
    public required string Resource { get; init; }

    /// <summary>
    /// What the call uses besides, for example the data that the tool reads: allowed only where each of these is allowed as well.
    /// Rules on them see the arguments of the call.
    /// </summary>
    public IReadOnlyList<string> Touches { get; init; } = [];

    /// <summary>
    /// The route that the administrator gave to the agent that acts. Having been given it is a permit for it, and for nothing else:
    /// forbids and requires hold, those of the agents that delegated included.
    /// </summary>
    public string? ConfiguredRoute { get; init; }

    /// <summary><c>sha256:</c> and 64 hexadecimal digits of the tool's schema, for rules that pin it.</summary>
    public string? SchemaDigest { get; init; }

    /// <summary>The frozen arguments that will be executed.</summary>
    public BoundArguments Arguments { get; init; } = BoundArguments.Empty;

    /// <summary>What the host states.</summary>
    public IFactSource Facts { get; init; } = FactSnapshot.Empty;

    /// <summary>What the ledger knows; null: rules that ask it are in error.</summary>
    public IHistorySource? History { get; init; }

    /// <summary>The session.</summary>
    public string? Session { get; init; }

    /// <summary>The tool that undoes this one, where the tool declares it; a <c>compensate</c> obligation is met by it.</summary>
    public string? CompensationTool { get; init; }

    /// <summary>What the call can cost at most, for limits on cost.</summary>
    public decimal EstimatedCost { get; init; }

    /// <summary>
    /// What was used of the limits, where the answer should take it into account. Only a look: the call itself reserves,
    /// in the ledger's critical section, with <see cref="LimitState.TryReserve"/>.
    /// </summary>
    public LimitState? Limits { get; init; }

    /// <summary>Proof that persons approved this very call; null when none did.</summary>
    public ApprovalReceipt? Approval { get; init; }

    /// <summary>The agent that acts, while the question is asked for one that delegated to it.</summary>
    internal string? BindingAgent { get; init; }

    /// <summary>The moment, by the ledger's clock.</summary>
    public required DateTimeOffset Now { get; init; }
}
