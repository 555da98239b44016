namespace AgentOps.Engine.Routing.Quality;

/// <summary>Predicts a table's scores and costs without having seen them: cross-validated in folds stratified by category.</summary>
public static class RouterEvaluation
{
    /// <summary>Out-of-fold predictions: for each example, the score and cost of each model as predicted without having seen it.</summary>
    /// <param name="table">The table.</param>
    /// <param name="folds">How many parts, each of which is predicted from the others.</param>
    /// <param name="seed">Decides the parts, alone.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public static QualityPrediction[] CrossValidate(QualityTable table, int folds, int seed, CancellationToken cancellationToken = default)
    {
        var features = table.Features;
        return Predict(table, folds, seed, learned =>
        {
            var model = QualityModel.Train([.. learned.Select(row => table.Examples[row])], [.. learned.Select(row => features[row])], cancellationToken);
            return row => model.Predict(features[row]);
        }, cancellationToken);
    }

    /// <summary>The same of a router that is told each prompt's category and knows what models score and cost there on average.</summary>
    internal static QualityPrediction[] CategoryMeans(QualityTable table, int folds, int seed) => Predict(table, folds, seed, learned =>
    {
        var overall = Means(table, learned);
        var means = learned.GroupBy(row => table.Examples[row].Category, StringComparer.Ordinal).ToDictionary(group => group.Key!, group => Means(table, group), StringComparer.Ordinal);
        return row => means.GetValueOrDefault(table.Examples[row].Category!, overall);
    }, CancellationToken.None);

    private static QualityPrediction[] Predict(QualityTable table, int folds, int seed, Func<int[], Func<int, QualityPrediction>> train, CancellationToken cancellationToken)
    {
        var fold = Folds(table, folds, seed);
        var predictions = new QualityPrediction[fold.Length];
        Parallel.For(0, folds, new ParallelOptions { CancellationToken = cancellationToken }, part =>
        {
            var predict = train([.. Enumerable.Range(0, fold.Length).Where(row => fold[row] != part)]);
            for (var row = 0; row < fold.Length; row++)
            {
                if (fold[row] == part)
                {
                    predictions[row] = predict(row);
                }
            }
        });
        return predictions;
    }

    private static QualityPrediction Means(QualityTable table, IEnumerable<int> rows)
    {
        var (scores, costs, count) = (new double[table.Models.Count], new double[table.Models.Count], 0);
        foreach (var row in rows)
        {
            count++;
            for (var model = 0; model < scores.Length; model++)
            {
                scores[model] += table.Examples[row].Scores[model];
                costs[model] += table.Examples[row].Costs[model];
            }
        }

        return new QualityPrediction([.. scores.Select(sum => sum / count)], [.. costs.Select(sum => sum / count)]);
    }

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

        // Where each category is a prompt or two, all would lie in the first parts, and nothing be left to learn from.
        if (fold.Length > 1 && Array.TrueForAll(fold, part => part == fold[0]))
        {
            var rows = Enumerable.Range(0, fold.Length).ToArray();
            random.Shuffle(rows);
            for (var place = 0; place < rows.Length; place++)
            {
                fold[rows[place]] = place % folds;
            }
        }

        return fold;
    }
}
