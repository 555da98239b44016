namespace AgentOps.Engine.Routing;

/// <summary>How the sessions of one model ended, of those whose end says something about the model.</summary>
/// <param name="Completed">With an answer.</param>
/// <param name="Ended">With an answer, or at a limit without one.</param>
public sealed record ModelOutcomes(long Completed, long Ended)
{
    /// <summary>Sessions from which on they are taken for a quality.</summary>
    public const long Enough = 20;

    /// <summary>The share that was completed, by Laplace's rule of succession; null while there are too few.</summary>
    public double? Quality => Ended >= Enough ? (Completed + 1.0) / (Ended + 2) : null;
}
