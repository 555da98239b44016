using AgentOps.Engine.Providers;

namespace AgentOps.Engine.Benchmarks.Agents;

/// <summary>How to run a suite.</summary>
public sealed record AgentBenchmarkOptions
{
    /// <summary>The suite.</summary>
    public required LoadedSuite Suite { get; init; }

    /// <summary>How many tasks are made from the seed; null: as many as the suite says.</summary>
    public int? Count { get; init; }

    /// <summary>Trials of each task.</summary>
    public int Repeat { get; init; } = 1;

    /// <summary>The seed of tasks and of the simulated model's failures.</summary>
    public long Seed { get; init; } = 1;

    /// <summary>Sessions at once.</summary>
    public int ThrottleLimit { get; init; } = 16;

    /// <summary>How often the simulated model goes wrong.</summary>
    public FailureRates Rates { get; init; } = FailureRates.None;

    /// <summary>Whether permissions and constraints are in force; the control is run without.</summary>
    public bool IsGoverned { get; init; } = true;

    /// <summary>Whose model and limits are measured; null for the simulated model.</summary>
    public MeasuredAgent? Agent { get; init; }

    /// <summary>How that agent's providers find their credentials; null for environment variables only.</summary>
    public ISecretResolver? Secrets { get; init; }

    /// <summary>Where the stores lie that the sessions are recorded in, one for each trial of the tasks; null for a folder that is removed afterwards.</summary>
    public string? Store { get; init; }

    /// <summary>Whether it is proved of every call with an effect that the ledger holds its intent.</summary>
    public bool IsProved { get; init; }
}
