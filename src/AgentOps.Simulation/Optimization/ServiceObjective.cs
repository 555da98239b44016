using AgentOps.Simulation.Results;

namespace AgentOps.Simulation.Optimization;

/// <summary>A promise on latency; a request keeps it when it keeps each limit given.</summary>
public sealed record ServiceObjective
{
    /// <summary>Limit on the time to the first token.</summary>
    public TimeSpan? FirstToken { get; init; }

    /// <summary>Limit on the mean time of a further token.</summary>
    public TimeSpan? PerToken { get; init; }

    /// <summary>Limit on the whole answer.</summary>
    public TimeSpan? EndToEnd { get; init; }

    /// <summary>Share of requests that must keep it, above 0 and at most 1; refused requests don't.</summary>
    public double Share { get; init; } = 0.99;

    /// <summary>Share of a run's requests that kept the promise.</summary>
    /// <param name="outcome">The run.</param>
    public double ShareKept(SimulationOutcome outcome) => ShareWithin(outcome, Limit(FirstToken), Limit(PerToken), Limit(EndToEnd));

    /// <summary>The limit that most requests break, in a word for a person; null where every request keeps every limit.</summary>
    /// <param name="outcome">The run.</param>
    /// <param name="result">Its figures.</param>
    public string? Binding(SimulationOutcome outcome, SimulationResult result)
    {
        if (result.Refused > 0)
        {
            return "memory: some requests can never fit the KV cache or the model's context";
        }

        (string Name, double Share)[] limits =
        [
            ("time to first token", ShareWithin(outcome, Limit(FirstToken), long.MaxValue, long.MaxValue)),
            ("time per output token", ShareWithin(outcome, long.MaxValue, Limit(PerToken), long.MaxValue)),
            ("end-to-end time", ShareWithin(outcome, long.MaxValue, long.MaxValue, Limit(EndToEnd))),
        ];
        var worst = limits.MinBy(limit => limit.Share);
        if (worst.Share >= 1)
        {
            return null;
        }

        var cause = result.PeakKeyValueUse > 0.98 ? ", because the KV cache is full"
            : result.Saturated ? ", because the load outruns the accelerators"
            : result.PromptTimeShare > 0.5 ? ", mostly while prompts are computed"
            : ", mostly while answers are decoded";
        return worst.Name + cause;
    }

    private static double ShareWithin(SimulationOutcome outcome, long firstToken, long perToken, long endToEnd) =>
        outcome.CountWithin(firstToken, perToken, endToEnd) / (double)Math.Max(1, outcome.Arrivals.Length);

    private static long Limit(TimeSpan? limit) => limit is { } span ? span.Ticks * 100_000 : long.MaxValue;
}
