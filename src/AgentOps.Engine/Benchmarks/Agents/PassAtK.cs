namespace AgentOps.Engine.Benchmarks.Agents;

/// <summary>pass^k: how likely it is that k trials of a task all succeed, without bias from n ≥ k trials.</summary>
public static class PassAtK
{
    /// <summary>The mean over tasks of C(c, k) / C(n, k), for c successes in n trials (Yao et al., τ-bench, 2024); NaN when no task has k trials.</summary>
    /// <param name="tasks">Successes and trials of each task.</param>
    /// <param name="k">How many must all succeed.</param>
    public static double Estimate(IEnumerable<(int Successes, int Trials)> tasks, int k)
    {
        var estimates = tasks.Where(task => task.Trials >= k).Select(task => OfTask(task.Successes, task.Trials, k)).ToArray();
        return estimates.Length == 0 ? double.NaN : estimates.Average();
    }

    // C(c, k) / C(n, k) as a product, so that no factorial overflows.
    private static double OfTask(int successes, int trials, int k)
    {
        var estimate = 1.0;
        for (var i = 0; i < k; i++)
        {
            estimate *= (double)Math.Max(0, successes - i) / (trials - i);
        }

        return estimate;
    }
}
