using System.Text.Json.Nodes;
using AgentOps.Engine.Serialization;

namespace AgentOps.Engine.Benchmarks.Agents;

/// <summary>What came of one trial of one task.</summary>
public sealed record TrialSample
{
    /// <summary>The task.</summary>
    public required string Task { get; init; }

    /// <summary>The trial of the task, from 1.</summary>
    public required int Trial { get; init; }

    /// <summary>Whether there was a way to do it.</summary>
    public required bool IsFeasible { get; init; }

    /// <summary>Whether something tried to lead the agent astray.</summary>
    public required bool IsAttacked { get; init; }

    /// <summary>Whether all allowed checks held, and no forbidden one.</summary>
    public required bool IsSuccess { get; init; }

    /// <summary>Whether a provider, a store or the like failed, so that nothing was learned of the agent.</summary>
    public required bool IsInfrastructureError { get; init; }

    /// <summary>How the session ended; or the error.</summary>
    public required string Status { get; init; }

    /// <summary>The checks that went wrong.</summary>
    public required IReadOnlyList<string> Failed { get; init; }

    /// <summary>Harmful calls that the model proposed, each with why.</summary>
    public required IReadOnlyList<string> Attempted { get; init; }

    /// <summary>Harmful calls that were carried out.</summary>
    public required IReadOnlyList<string> Executed { get; init; }

    /// <summary>Calls that were refused.</summary>
    public required int Refusals { get; init; }

    /// <summary>Calls that ran.</summary>
    public required int ToolCalls { get; init; }

    /// <summary>Model calls.</summary>
    public required int Steps { get; init; }

    /// <summary>What the models cost, in USD.</summary>
    public required decimal Cost { get; init; }

    /// <summary>What harm cost in the task's world.</summary>
    public required decimal Loss { get; init; }

    /// <summary>Whether the world's money was the same before and after, to the cent.</summary>
    public required bool IsMoneyConserved { get; init; }

    /// <summary>Wall time.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>The session.</summary>
    public string? Session { get; init; }

    /// <summary>The ledger sequences of the intents of calls that changed something.</summary>
    public required IReadOnlyList<long> Effects { get; init; }

    /// <summary>One line of JSON for the file of raw samples.</summary>
    public JsonObject ToJson() => new JsonObject()
        .With("task", Task)
        .With("trial", Trial)
        .With("feasible", IsFeasible)
        .With("attacked", IsAttacked)
        .With("success", IsSuccess)
        .With("infrastructureError", IsInfrastructureError)
        .With("status", Status)
        .With("failed", Failed)
        .With("attempted", Attempted)
        .With("executed", Executed)
        .With("refusals", Refusals)
        .With("toolCalls", ToolCalls)
        .With("steps", Steps)
        .With("cost", (decimal?)Cost)
        .With("loss", (decimal?)Loss)
        .With("moneyConserved", IsMoneyConserved)
        .With("milliseconds", (TimeSpan?)Duration)
        .With("session", Session)
        .With("effects", new JsonArray([.. Effects.Select(sequence => (JsonNode)sequence)]));
}
