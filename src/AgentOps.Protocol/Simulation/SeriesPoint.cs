namespace AgentOps.Protocol.Simulation;

/// <summary>The state of a deployment at the end of an interval.</summary>
/// <param name="Seconds">Start of the interval.</param>
/// <param name="Running">Sequences in the batch.</param>
/// <param name="Waiting">Requests that wait.</param>
/// <param name="KvUse">Share of KV blocks held, 0 to 1.</param>
/// <param name="OutputTokensPerSecond">Answer tokens a second in the interval.</param>
public sealed record SeriesPoint(double Seconds, int Running, int Waiting, double KvUse, double OutputTokensPerSecond);
