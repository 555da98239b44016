namespace AgentOps.Engine.Routing.Quality;

/// <summary>
/// Measures cheapest-capable routing on a table: cross-validated in folds stratified by category, over several seeds. Of all
/// models the strongest and one cheaper one are routed between, in the order of the predicted gain.
/// </summary>
public static class RouterEvaluation
{
    /// <summary>Out-of-fold predictions: for each example, the score of each model as predicted without having seen it.</summary>
    public static double[][] CrossValidate(QualityTable table, int folds, int seed)
    {
        var features = table.Examples.Select(example => PromptFeatures.Of(example.Prompt)).ToArray();
        var fold = Folds(table, folds, seed);
        var predictions = new double[features.Length][];
        Parallel.For(0, folds, part =>
        {
            var learned = Enumerable.Range(0, features.Length).Where(row => fold[row] != part).ToArray();
            var model = QualityModel.Train([.. learned.Select(row => table.Examples[row])], [.. learned.Select(row => features[row])]);
            for (var row = 0; row < features.Length; row++)
            {
                if (fold[row] == part)
                {
                    predictions[row] = model.Predict(features[row]);
                }
            }
        });
        return predictions;
    }

    /// <summary>
    /// The share of calls, 0 to 1, that the strong model must take, in the order of the gain, for a share of its own quality.
    /// </summary>
    public static double StrongShare(QualityTable table, double[] gains, int weak, int strong, double quality)
    {
        var total = table.Examples.Sum(example => example.Scores[weak]);
        var wanted = quality * table.Examples.Sum(example => example.Scores[strong]);
        var calls = 0;
        foreach (var row in Order(gains, static _ => 0))
        {
            if (total >= wanted)
            {
                break;
            }

            total += table.Examples[row].Scores[strong] - table.Examples[row].Scores[weak];
            calls++;
        }

        return calls / (double)gains.Length;
    }

    /// <summary>The curve of cost against quality, both as means a prompt, from all weak to all strong.</summary>
    public static IReadOnlyList<(double Cost, double Quality)> Curve(QualityTable table, double[] gains, int weak, int strong)
    {
        var count = (double)gains.Length;
        var cost = table.Examples.Sum(example => example.Costs[weak]);
        var quality = table.Examples.Sum(example => example.Scores[weak]);
        var points = new List<(double, double)>(gains.Length + 1) { (cost / count, quality / count) };
        foreach (var row in Order(gains, row => table.Examples[row].Costs[strong] - table.Examples[row].Costs[weak]))
        {
            var example = table.Examples[row];
            cost += example.Costs[strong] - example.Costs[weak];
            quality += example.Scores[strong] - example.Scores[weak];
            points.Add((cost / count, quality / count));
        }

        return points;
    }

    // Among equal gains the cheapest first, then as listed: the same table gives the same curve in any order of its rows.
    private static int[] Order(double[] gains, Func<int, double> cost) =>
        [.. Enumerable.Range(0, gains.Length).OrderByDescending(row => gains[row]).ThenBy(cost)];

    private static int[] Folds(QualityTable table, int folds, int seed)
    {
        // The seed alone decides, on every machine: the generator is the seeded one, whose sequence is fixed.
        var random = new Random(seed);
        var fold = new int[table.Examples.Count];
        foreach (var group in Enumerable.Range(0, fold.Length).GroupBy(row => table.Examples[row].Category ?? "", StringComparer.Ordinal))
        {
            var rows = group.ToArray();
            random.Shuffle(rows);
            for (var place = 0; place < rows.Length; place++)
            {
                fold[rows[place]] = place % folds;
            }
        }

        return fold;
    }
}
