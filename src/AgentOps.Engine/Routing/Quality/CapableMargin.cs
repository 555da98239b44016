namespace AgentOps.Engine.Routing.Quality;

/// <summary>
/// How far below the best prediction a model may lie and still count as capable. Predictions are drawn to the mean, the more so the
/// less the words tell, so a share of the best prediction would promise nothing; this is measured on prompts that were not seen.
/// </summary>
/// <param name="Value">The difference of predicted scores.</param>
/// <param name="Quality">The mean score that is then reached, as a share of the strongest model's.</param>
/// <param name="Saved">What is then saved, as a share of the strongest model's cost.</param>
public sealed record CapableMargin(double Value, double Quality, double Saved)
{
    private const int Candidates = 512;

    // Of the table's scores from the lowest to the highest: what is predicted to fail is not capable, however seldom it is asked.
    private const double RangeAtMost = 0.25;

    /// <summary>The largest margin by which the cheapest capable models keep a share of the strongest model's quality.</summary>
    /// <param name="table">The table.</param>
    /// <param name="predictions">Predictions of its prompts, each without having seen it.</param>
    /// <param name="share">The share to keep, 0 to 1.</param>
    public static CapableMargin Of(QualityTable table, IReadOnlyList<QualityPrediction> predictions, double share = 0.95)
    {
        var models = Enumerable.Range(0, table.Models.Count).ToArray();
        var costs = models.Select(model => table.Examples.Average(example => example.Costs[model])).ToArray();
        var scores = models.Select(model => table.Examples.Average(example => example.Scores[model])).ToArray();
        var strong = models.OrderByDescending(model => scores[model]).ThenBy(model => costs[model]).First();
        var cheapest = models.OrderBy(model => costs[model]).ToArray();
        var range = table.Examples.Max(example => example.Scores.Max()) - table.Examples.Min(example => example.Scores.Min());
        var margins = predictions.SelectMany(prediction => prediction.Scores.Select(score => prediction.Scores.Max() - score))
            .Where(margin => margin <= RangeAtMost * range)
            .Order()
            .ToArray();

        CapableMargin Route(double margin)
        {
            var (quality, cost) = (0.0, 0.0);
            for (var row = 0; row < predictions.Count; row++)
            {
                var predicted = predictions[row].Scores;
                var least = predicted.Max() - margin;
                var chosen = Array.Find(cheapest, model => predicted[model] >= least);
                quality += table.Examples[row].Scores[chosen];
                cost += table.Examples[row].Costs[chosen];
            }

            return new CapableMargin(margin, quality / predictions.Count / scores[strong], 1 - (cost / predictions.Count / costs[strong]));
        }

        return Enumerable.Range(0, Candidates)
            .Select(place => Route(margins[(int)((long)place * (margins.Length - 1) / (Candidates - 1))]))
            .LastOrDefault(reached => reached.Quality >= share) ?? Route(0);
    }
}
