using AgentOps.Engine.Routing;
using AgentOps.Engine.Sessions;

namespace AgentOps.Output;

/// <summary>A session: one invocation of an agent, running or ended.</summary>
public sealed record Session
{
    /// <summary>The id.</summary>
    public required string Id { get; init; }

    /// <summary>The agent that acts in it.</summary>
    public required string Agent { get; init; }

    /// <summary>Where it stands; <c>Pending</c> when it waits for persons, <c>Interrupted</c> when its process is gone without an end.</summary>
    public required string State { get; init; }

    /// <summary>Why it ended, or was interrupted.</summary>
    public string? Reason { get; init; }

    /// <summary>Whom it acts for.</summary>
    public required string OnBehalfOf { get; init; }

    /// <summary>What the work is booked under.</summary>
    public string? Task { get; init; }

    /// <summary>When it was opened, UTC.</summary>
    public required DateTimeOffset Started { get; init; }

    /// <summary>When its last record was written, UTC.</summary>
    public required DateTimeOffset LastActivity { get; init; }

    /// <summary>What its last prompt is about; its end counts for its model there.</summary>
    public required string Domain { get; init; }

    /// <summary>Model calls so far.</summary>
    public required int Steps { get; init; }

    /// <summary>Tool calls that ran.</summary>
    public required int ToolCalls { get; init; }

    /// <summary>Tool calls that were refused.</summary>
    public required int Refusals { get; init; }

    /// <summary>What its models have cost, in USD.</summary>
    public required decimal Cost { get; init; }

    /// <summary>What agents that it delegated to have spent or set aside, in USD.</summary>
    public decimal Delegated { get; init; }

    /// <summary>Calls that were started and whose outcome is not known, as <c>tool (call)</c>.</summary>
    public required IReadOnlyList<string> Unknown { get; init; }

    /// <summary>Whether it has seen output that came from outside.</summary>
    public required bool IsTainted { get; init; }

    /// <summary>The requests that it waits for.</summary>
    public required IReadOnlyList<string> Request { get; init; }

    /// <summary>The machine that runs or ran it.</summary>
    public required string Host { get; init; }

    /// <summary>The process that runs or ran it.</summary>
    public required int ProcessId { get; init; }

    /// <summary>The ledger sequence of its first record.</summary>
    public required long FirstSequence { get; init; }

    /// <summary>The ledger sequence of its last record.</summary>
    public required long LastSequence { get; init; }

    /// <summary>The id, so that the object serves where one is asked for.</summary>
    public override string ToString() => Id;

    internal static Session From(SessionState state) => new()
    {
        Id = state.Id,
        Agent = state.Agent,
        State = state.Status.ToString(),
        Reason = state.Reason,
        OnBehalfOf = state.OnBehalfOf,
        Task = state.Task,
        Started = state.Started,
        LastActivity = state.LastActivity,
        Domain = PromptDomains.NameOf(state.Domain),
        Steps = state.Steps,
        ToolCalls = state.ToolCalls,
        Refusals = state.Refusals,
        Cost = state.Cost,
        Delegated = state.Delegated,
        Unknown = state.Status == SessionStatus.Running
            ? []
            : state.Pending.Values.Where(call => call.SideEffect != Engine.Tools.SideEffect.None).OrderBy(call => call.Sequence).Select(call => $"{call.Tool} ({call.Call})").ToArray(),
        IsTainted = state.IsTainted,
        Request = state.Requests,
        Host = state.Runner.Host,
        ProcessId = state.Runner.ProcessId,
        FirstSequence = state.FirstSequence,
        LastSequence = state.LastSequence,
    };
}
