namespace AgentOps.Engine.Routing;

/// <summary>
/// How much easier a workspace's sessions are than the tasks of a benchmark. A benchmark's score says how models differ, not how often a
/// session will succeed: without this, a model that was never used would be held to be worse than any that was, because benchmarks are
/// made to be failed.
/// </summary>
/// <remarks>
/// A Rasch model (G. Rasch, 1960) with the models' abilities given: <c>P(completed) = σ(logit(score) + ease)</c>. The ease is the most
/// probable one under a normal prior of mean 0 and precision <see cref="Precision"/>. Each completed session raises it, each other one
/// lowers it, and the order of models stays that of their scores.
/// </remarks>
internal static class TaskDifficulty
{
    /// <summary>Of the prior, in logit⁻². A session carries at most a quarter of it, so that the prior weighs as much as 16.</summary>
    private const double Precision = 4;
    private const double Extreme = 12;

    /// <summary>The ease, in logits; 0 where no session has ended.</summary>
    /// <param name="sessions">The score of each model, and how its sessions ended.</param>
    public static double Ease(IReadOnlyList<(double Score, OutcomeCount Outcomes)> sessions)
    {
        if (sessions.All(item => item.Outcomes.Ended == 0))
        {
            return 0;
        }

        // The slope of the log posterior falls strictly, so that halving finds its only zero.
        var (low, high) = (-Extreme, Extreme);
        while (high - low > 1e-9)
        {
            var middle = (low + high) / 2;
            var slope = sessions.Sum(item => item.Outcomes.Completed - (item.Outcomes.Ended * Expect(item.Score, middle))) - (Precision * middle);
            (low, high) = slope > 0 ? (middle, high) : (low, middle);
        }

        return (low + high) / 2;
    }

    /// <summary>The probability that a session of a model is completed, 0 to 1.</summary>
    /// <param name="score">The model's score on the benchmark.</param>
    /// <param name="ease">From <see cref="Ease"/>.</param>
    public static double Expect(double score, double ease)
    {
        // Nothing is certain: all or none of a benchmark's tasks is taken for one in a hundred away from it.
        var bounded = Math.Clamp(score, 0.01, 0.99);
        return 1 / (1 + (Math.Exp(-ease) * (1 - bounded) / bounded));
    }
}
