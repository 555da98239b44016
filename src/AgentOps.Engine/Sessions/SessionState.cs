using System.Collections.Immutable;
using System.Text.Json.Nodes;
using AgentOps.Engine.Agents;
using AgentOps.Engine.Ledger;
using AgentOps.Engine.Routing;
using AgentOps.Engine.Tools;
using AgentOps.Engine.Workspaces;

namespace AgentOps.Engine.Sessions;

/// <summary>A session as the ledger tells it now.</summary>
public sealed record SessionState
{
    /// <summary>The session's id.</summary>
    public required string Id { get; init; }

    /// <summary>The agent that acts in it.</summary>
    public required string Agent { get; init; }

    /// <summary>Whom it acts for.</summary>
    public required string OnBehalfOf { get; init; }

    /// <summary>The agents that delegated to this one, the first one first.</summary>
    public IReadOnlyList<string> Delegators { get; init; } = [];

    /// <summary>The session in which it was delegated to; null when a person asked.</summary>
    public string? Parent { get; init; }

    /// <summary>What the work is booked under; null when nothing was said.</summary>
    public string? Task { get; init; }

    /// <summary>
    /// The bounds of a session whose loop runs at a client of a served route: nothing of it runs here but its model calls, each with a token of
    /// the session. Null for any other.
    /// </summary>
    public InvocationLimits? Served { get; init; }

    /// <summary>Where it stands. <see cref="SessionStatus.Interrupted"/> is never recorded: it follows from a dead runner.</summary>
    public SessionStatus Status { get; init; } = SessionStatus.Running;

    /// <summary>Why it ended, in a sentence.</summary>
    public string? Reason { get; init; }

    /// <summary>Who works on it, or did so last.</summary>
    public required SessionRunner Runner { get; init; }

    /// <summary>Who opened it: <c>os:NAME</c>, or <c>database:ROLE</c> on a server.</summary>
    public required string Account { get; init; }

    /// <summary>The fencing token of its runner: whoever takes the session over gets the next number, and the older one may write no more.</summary>
    public int Lease { get; init; } = 1;

    /// <summary>When its runner last showed in the ledger that it works, UTC.</summary>
    public required DateTimeOffset Renewed { get; init; }

    /// <summary>The requests that it waits for, while it is <see cref="SessionStatus.Pending"/>.</summary>
    public IReadOnlyList<string> Requests { get; init; } = [];

    /// <summary>When it was opened, UTC.</summary>
    public required DateTimeOffset Started { get; init; }

    /// <summary>When its last record was written, UTC.</summary>
    public required DateTimeOffset LastActivity { get; init; }

    /// <summary>The ledger sequence of its first record.</summary>
    public required long FirstSequence { get; init; }

    /// <summary>The ledger sequence of its last record.</summary>
    public required long LastSequence { get; init; }

    /// <summary>Model calls so far.</summary>
    public int Steps { get; init; }

    /// <summary>Tool calls that ran.</summary>
    public int ToolCalls { get; init; }

    /// <summary>Tool calls that were refused.</summary>
    public int Refusals { get; init; }

    /// <summary>The model that answered last in it; null before the first answer.</summary>
    public string? Model { get; init; }

    /// <summary>What its models have cost, in USD.</summary>
    public decimal Cost { get; init; }

    /// <summary>What is set aside for its model call in flight, in USD.</summary>
    public decimal Reserved { get; init; }

    /// <summary>What agents that it delegated to have spent or set aside on models, and those that they delegated to, in USD.</summary>
    public decimal Delegated { get; init; }

    /// <summary>Most that it may spend, on its own models and on delegates, in USD; null for no bound.</summary>
    public decimal? MaxCost { get; init; }

    /// <summary>Whether somebody asked that it stop.</summary>
    public bool IsStopRequested { get; init; }

    /// <summary>Whether it has seen output that came from outside.</summary>
    public bool IsTainted { get; init; }

    /// <summary>The highest data class of what it has seen; a prompt without a label is <c>internal</c>.</summary>
    public string DataClass { get; init; } = DataClasses.Default;

    /// <summary>What its last prompt is about; general in ledgers that did not record it.</summary>
    public PromptDomain Domain { get; init; }

    /// <summary>A session that an agent would begin now, for questions about what it would be allowed.</summary>
    /// <param name="agent">The agent.</param>
    /// <param name="onBehalfOf">Whom it would act for.</param>
    /// <param name="now">The moment.</param>
    internal static SessionState Imagine(string agent, string onBehalfOf, DateTimeOffset now) => new()
    {
        Id = string.Empty,
        Agent = agent,
        OnBehalfOf = onBehalfOf,
        Runner = new SessionRunner(string.Empty, 0, now),
        Account = string.Empty,
        Renewed = now,
        Started = now,
        LastActivity = now,
        FirstSequence = 0,
        LastSequence = 0,
    };

    /// <summary>Whether a call that changes the world was started and nobody knows what became of it.</summary>
    public bool IsInDoubt => Pending.Values.Any(call => call.SideEffect != SideEffect.None);

    /// <summary>How it failed, while it undoes what it did; null at any other time.</summary>
    public SessionFailure? Undoing { get; init; }

    /// <summary>Whether something of what it did since its last prompt was undone.</summary>
    public bool IsUndone { get; init; }

    /// <summary>Whether a runner may go on with it; one that a person stopped, that has its answer, or whose work was undone, has ended.</summary>
    public bool IsResumable => Status is SessionStatus.Pending or SessionStatus.Interrupted || (Status == SessionStatus.Failed && !IsUndone);

    /// <summary>Calls that were started and have no recorded outcome, by their id.</summary>
    public ImmutableDictionary<string, ToolCallIntent> Pending { get; init; } = ImmutableDictionary<string, ToolCallIntent>.Empty;

    /// <summary>Makes a record of the session, under its own identity.</summary>
    internal NewEvent Record(string type, JsonObject data) => Own(new NewEvent(type, EventTypes.Version, data));

    /// <summary>An event as one of the session.</summary>
    internal NewEvent Own(NewEvent record) => record with { Session = Id, Task = Task, Agent = Agent, OnBehalfOf = OnBehalfOf };
}
