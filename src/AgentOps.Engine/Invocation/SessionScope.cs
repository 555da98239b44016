using System.Globalization;
using System.Text.Json.Nodes;
using AgentOps.Engine.Agents;
using AgentOps.Engine.Ledger;
using AgentOps.Engine.Sessions;
using AgentOps.Engine.Workspaces;

namespace AgentOps.Engine.Invocation;

/// <summary>What stays the same through one session.</summary>
internal sealed record SessionScope
{
    /// <summary>The session's id.</summary>
    public required string Id { get; init; }

    /// <summary>The agent's name, as it was created.</summary>
    public required string Agent { get; init; }

    /// <summary>Whom the agent acts for.</summary>
    public required string OnBehalfOf { get; init; }

    /// <summary>The agents that delegated to this one, the first one first; each must be allowed what it does.</summary>
    public IReadOnlyList<string> Delegators { get; init; } = [];

    /// <summary>The fencing token under which this process runs the session.</summary>
    public required int Lease { get; init; }

    /// <summary>Whether what the session did is being undone; tools then need not be shown to the model.</summary>
    public bool IsUndo { get; init; }

    /// <summary>Whether it goes on though its agent is suspended: a person wants what it did undone.</summary>
    public bool OutlivesSuspension { get; init; }

    /// <summary>How the session failed, where another process began to undo what it did and this one goes on with that.</summary>
    public SessionFailure? Undoing { get; init; }

    /// <summary>What the work is booked under.</summary>
    public required string? Task { get; init; }

    /// <summary>Whether only a plan was asked for.</summary>
    public required bool PlanOnly { get; init; }

    /// <summary>A schema that the final answer must fit; null for an answer in words.</summary>
    public AnswerSchema? OutputSchema { get; init; }

    /// <summary>Whether the session is let go of when a call needs approval, instead of waiting.</summary>
    public required bool NoWait { get; init; }

    /// <summary>The tightest of the agent's and the invocation's bounds, counted from the session's beginning.</summary>
    public required InvocationLimits Limits { get; init; }

    /// <summary>When this process began to run it, UTC.</summary>
    public required DateTimeOffset Started { get; init; }

    /// <summary>The path of a folder of its own, where tools start; made when one needs it.</summary>
    public required string WorkFolder { get; init; }

    /// <summary>The scope of a session that is taken up.</summary>
    public static SessionScope Of(SessionState session, InvocationLimits limits, DateTimeOffset now, string workFolder = "") => new()
    {
        Id = session.Id,
        Agent = session.Agent,
        OnBehalfOf = session.OnBehalfOf,
        Delegators = session.Delegators,
        Lease = session.Lease,
        Task = session.Task,
        PlanOnly = false,
        NoWait = false,
        Limits = limits,
        Started = now,
        WorkFolder = workFolder,
        Undoing = session.Undoing,
    };

    /// <summary>For whom the agent acts, and within what bounds, in words.</summary>
    public string Describe() => string.Create(CultureInfo.InvariantCulture,
        $"for {OnBehalfOf}{(Delegators.Count == 0 ? "" : $" by way of {string.Join(", ", Delegators)}")}; at most {Limits.MaxSteps} model calls, {Limits.MaxToolCalls} tool calls, {Limits.MaxDuration:c}{(Limits.MaxCost is { } cost ? $", ${cost}" : "")}");

    /// <summary>Makes a record of the session.</summary>
    public NewEvent Record(string type, JsonObject data) => new(type, EventTypes.Version, data)
    {
        Session = Id,
        Task = Task,
        Agent = Agent,
        OnBehalfOf = OnBehalfOf,
    };
}
