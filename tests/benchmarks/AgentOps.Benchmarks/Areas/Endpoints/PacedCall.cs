namespace AgentOps.Benchmarks.Areas.Endpoints;

/// <summary>One call as the server made it; seconds from the whole request's arrival.</summary>
/// <param name="Headers">To the response's headers.</param>
/// <param name="First">To the first delta.</param>
/// <param name="End">To the last byte.</param>
/// <param name="Tokens">Deltas sent.</param>
internal sealed record PacedCall(double Headers, double First, double End, int Tokens)
{
    public double TimePerOutputToken => (End - First) / (Tokens - 1);
}
