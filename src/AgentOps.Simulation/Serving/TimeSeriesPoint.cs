namespace AgentOps.Simulation.Serving;

/// <summary>The state of the whole deployment in one interval.</summary>
/// <param name="Time">Start of the interval, from the start of the simulation.</param>
/// <param name="Running">Sequences in the batch at its end, all replicas.</param>
/// <param name="Waiting">Requests that wait at its end, all replicas.</param>
/// <param name="KeyValueUse">Share of KV blocks held at its end, 0 to 1.</param>
public sealed record TimeSeriesPoint(TimeSpan Time, int Running, int Waiting, double KeyValueUse)
{
    /// <summary>Answer tokens a second in the interval; of each request, spread evenly from its first token to its last.</summary>
    public double OutputTokensPerSecond { get; init; }
}
