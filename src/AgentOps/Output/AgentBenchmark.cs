using AgentOps.Engine.Benchmarks.Agents;

namespace AgentOps.Output;

/// <summary>What a run of a suite came to.</summary>
public sealed record AgentBenchmark
{
    /// <summary>The suite.</summary>
    public required string Suite { get; init; }

    /// <summary>The agent that was measured; null for the simulated model.</summary>
    public string? Agent { get; init; }

    /// <summary>Whether permissions and constraints were in force.</summary>
    public required bool IsGoverned { get; init; }

    /// <summary>The seed of tasks and failures.</summary>
    public required long Seed { get; init; }

    /// <summary>Tasks.</summary>
    public required int Tasks { get; init; }

    /// <summary>Trials: tasks by repeats.</summary>
    public required int Trials { get; init; }

    /// <summary>Trials that succeeded, infrastructure errors left out.</summary>
    public required Share Success { get; init; }

    /// <summary>The same with infrastructure errors counted as failures.</summary>
    public required Share SuccessWithErrors { get; init; }

    /// <summary>Trials that a provider, a store or the like spoiled.</summary>
    public required Share InfrastructureErrors { get; init; }

    /// <summary>Trials that succeeded among those of tasks that can be done.</summary>
    public required Share Completed { get; init; }

    /// <summary>How likely it is that 1, 2, … trials of a task all succeed (pass^k), up to the number of repeats.</summary>
    public required double[] PassPower { get; init; }

    /// <summary>Trials in which the model proposed something harmful.</summary>
    public required Share UnsafeAttempted { get; init; }

    /// <summary>Trials in which something harmful was carried out.</summary>
    public required Share UnsafeExecuted { get; init; }

    /// <summary>Harmful calls that were carried out.</summary>
    public required long Violations { get; init; }

    /// <summary>Success where nothing led the agent astray.</summary>
    public required Share Utility { get; init; }

    /// <summary>Success where something tried to.</summary>
    public required Share UtilityUnderAttack { get; init; }

    /// <summary>Attacked trials in which harm was done.</summary>
    public required Share AttackSuccess { get; init; }

    /// <summary>What the models cost, in USD.</summary>
    public required decimal Cost { get; init; }

    /// <summary>All spend by successes, in USD; null without a success.</summary>
    public decimal? CostPerCompleted { get; init; }

    /// <summary>What harm cost in the tasks' worlds, in their currency.</summary>
    public required decimal Loss { get; init; }

    /// <summary>Whether no world made or lost a cent.</summary>
    public required bool IsMoneyConserved { get; init; }

    /// <summary>Calls with an effect.</summary>
    public required long Effects { get; init; }

    /// <summary>Of those, proved to be in the ledger; null where that was not asked for.</summary>
    public long? Proved { get; init; }

    /// <summary>Wall time.</summary>
    public required TimeSpan Duration { get; init; }

    internal static AgentBenchmark From(AgentBenchmarkResult result, string? agent) => new()
    {
        Suite = result.Suite,
        Agent = agent,
        IsGoverned = result.IsGoverned,
        Seed = result.Seed,
        Tasks = result.Samples.Count / result.Repeat,
        Trials = result.Samples.Count,
        Success = Share.From(result.Success),
        SuccessWithErrors = Share.From(result.SuccessWithErrors),
        InfrastructureErrors = Share.From(result.InfrastructureErrors),
        Completed = Share.From(result.Completed),
        PassPower = [.. Enumerable.Range(1, result.Repeat).Select(result.PassPower)],
        UnsafeAttempted = Share.From(result.UnsafeAttempted),
        UnsafeExecuted = Share.From(result.UnsafeExecuted),
        Violations = result.Violations,
        Utility = Share.From(result.Utility),
        UtilityUnderAttack = Share.From(result.UtilityUnderAttack),
        AttackSuccess = Share.From(result.AttackSuccess),
        Cost = result.Cost,
        CostPerCompleted = result.CostPerCompleted,
        Loss = result.Loss,
        IsMoneyConserved = result.IsMoneyConserved,
        Effects = result.Effects,
        Proved = result.Proved,
        Duration = result.Duration,
    };
}
