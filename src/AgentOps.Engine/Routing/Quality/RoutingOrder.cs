namespace AgentOps.Engine.Routing.Quality;

/// <summary>
/// How predictions route the prompts of a table at every price of quality: at first each goes to its cheapest model, then one
/// after the other to a better and dearer one, in the order of the predicted gain a dollar. So each prefix of the moves is what
/// a router does that picks the model of the highest predicted score less λ times its predicted cost, for some λ.
/// </summary>
/// <param name="First">The model of each row where quality is worth nothing.</param>
/// <param name="Moves">The moves, in order.</param>
internal sealed record RoutingOrder(IReadOnlyList<int> First, IReadOnlyList<RoutingMove> Moves)
{
    /// <summary>Orders the prompts of a table.</summary>
    /// <param name="scores">Of each row, the predicted score of each model.</param>
    /// <param name="costs">Of each row, the predicted cost of each model.</param>
    public static RoutingOrder Of(IReadOnlyList<double[]> scores, IReadOnlyList<double[]> costs)
    {
        var first = new int[scores.Count];
        var moves = new List<(double Gain, double Cost, RoutingMove Move)>();
        for (var row = 0; row < first.Length; row++)
        {
            var (score, cost) = (scores[row], costs[row]);
            var steps = Steps(score, cost);
            first[row] = steps[0];
            for (var step = 1; step < steps.Count; step++)
            {
                var (from, to) = (steps[step - 1], steps[step]);
                moves.Add((Gain(from, to, score, cost), cost[to] - cost[from], new RoutingMove(row, from, to)));
            }
        }

        // Among equal gains the cheapest first, then as listed: the same table gives the same curve in any order of its rows.
        return new RoutingOrder(first, [.. moves.OrderByDescending(move => move.Gain).ThenBy(move => move.Cost).Select(move => move.Move)]);
    }

    /// <summary>The models that are best at some price of quality: each dearer and better than the one before, by a falling gain a dollar.</summary>
    private static List<int> Steps(double[] score, double[] cost)
    {
        var steps = new List<int>(score.Length);
        foreach (var model in Enumerable.Range(0, score.Length).OrderBy(model => cost[model]).ThenByDescending(model => score[model]))
        {
            if (steps.Count > 0 && score[model] <= score[steps[^1]])
            {
                continue;
            }

            while (steps.Count > 1 && Gain(steps[^1], model, score, cost) >= Gain(steps[^2], steps[^1], score, cost))
            {
                steps.RemoveAt(steps.Count - 1);
            }

            steps.Add(model);
        }

        return steps;
    }

    private static double Gain(int from, int to, double[] score, double[] cost) => (score[to] - score[from]) / (cost[to] - cost[from]);
}
