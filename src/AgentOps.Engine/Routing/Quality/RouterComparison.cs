namespace AgentOps.Engine.Routing.Quality;

/// <summary>Sets the learned router beside the zero-router, a category router and the oracle.</summary>
public static class RouterComparison
{
    private const int Resamples = 200;

    /// <summary>
    /// Compares. The zero-router mixes two models at random (the convex hull of cost and quality); the category router knows each
    /// prompt's category; the oracle knows each prompt's scores.
    /// </summary>
    /// <param name="table">The table.</param>
    /// <param name="folds">Folds of the cross-validation.</param>
    /// <param name="seeds">Repetitions with other folds; the figures are their means.</param>
    public static IReadOnlyList<RouterReport> Compare(QualityTable table, int folds = 5, int seeds = 5)
    {
        var (weak, strong) = Pair(table);
        var learned = Enumerable.Range(0, seeds).Select(seed =>
            RouterEvaluation.CrossValidate(table, folds, seed).Select(scores => scores[strong] - scores[weak]).ToArray()).ToArray();
        var reports = new List<RouterReport>
        {
            Mean("learned", [.. learned.Select(gains => Report("learned", table, gains, weak, strong))]),
            Zero(table, weak, strong),
        };
        if (table.Examples.All(example => example.Category is not null))
        {
            var means = table.Examples.GroupBy(example => example.Category!, StringComparer.Ordinal).ToDictionary(
                group => group.Key, group => group.Average(example => example.Scores[strong] - example.Scores[weak]), StringComparer.Ordinal);
            reports.Add(Report("category", table, [.. table.Examples.Select(example => means[example.Category!])], weak, strong));
        }

        reports.Add(Report("oracle", table, [.. table.Examples.Select(example => example.Scores[strong] - example.Scores[weak])], weak, strong));
        return reports;
    }

    /// <summary>The strongest model, and the cheaper one whose mixture with it costs least at 95 % of its quality.</summary>
    public static (int Weak, int Strong) Pair(QualityTable table)
    {
        var quality = table.Models.Select((_, model) => table.Examples.Average(example => example.Scores[model])).ToArray();
        var cost = table.Models.Select((_, model) => table.Examples.Average(example => example.Costs[model])).ToArray();
        var strong = Array.IndexOf(quality, quality.Max());
        var weak = Enumerable.Range(0, quality.Length).Where(model => model != strong)
            .MinBy(model => MixedCost(quality[model], quality[strong], cost[model], cost[strong], 0.95));
        return (weak, strong);
    }

    private static double MixedCost(double weak, double strong, double weakCost, double strongCost, double wanted)
    {
        var share = weak >= wanted * strong ? 0 : ((wanted * strong) - weak) / (strong - weak);
        return weakCost + (share * (strongCost - weakCost));
    }

    private static RouterReport Report(string name, QualityTable table, double[] gains, int weak, int strong)
    {
        var curve = RouterEvaluation.Curve(table, gains, weak, strong);
        var full = table.Examples.Average(example => example.Costs[strong]);
        var quality = table.Examples.Average(example => example.Scores[strong]);
        var saved = Enumerable.Range(0, Resamples).Select(seed => Resampled(table, gains, weak, strong, seed)).Order().ToArray();
        return new RouterReport(
            name,
            Saved(curve, full, 0.95 * quality),
            saved[(int)(Resamples * 0.025)],
            saved[(int)(Resamples * 0.975)],
            Saved(curve, full, quality),
            RouterEvaluation.StrongShare(table, gains, weak, strong, 0.95),
            Aiq(curve));
    }

    private static double Resampled(QualityTable table, double[] gains, int weak, int strong, int seed)
    {
        var random = new Random(seed);
        var rows = new int[gains.Length];
        for (var place = 0; place < rows.Length; place++)
        {
            rows[place] = random.Next(rows.Length);
        }

        var sample = table with { Examples = [.. rows.Select(row => table.Examples[row])] };
        var curve = RouterEvaluation.Curve(sample, [.. rows.Select(row => gains[row])], weak, strong);
        return Saved(
            curve,
            sample.Examples.Average(example => example.Costs[strong]),
            0.95 * sample.Examples.Average(example => example.Scores[strong])) ?? 0;
    }

    private static double? Saved(IReadOnlyList<(double Cost, double Quality)> curve, double full, double wanted)
    {
        foreach (var (cost, quality) in curve)
        {
            if (quality >= wanted - 1e-12)
            {
                return 1 - (cost / full);
            }
        }

        return null;
    }

    private static double? Aiq(IReadOnlyList<(double Cost, double Quality)> curve)
    {
        var width = curve[^1].Cost - curve[0].Cost;
        if (width <= 0)
        {
            return null;
        }

        var area = 0.0;
        for (var place = 1; place < curve.Count; place++)
        {
            area += (curve[place].Cost - curve[place - 1].Cost) * (curve[place].Quality + curve[place - 1].Quality) / 2;
        }

        return area / width;
    }

    private static RouterReport Zero(QualityTable table, int weak, int strong)
    {
        double Quality(int model) => table.Examples.Average(example => example.Scores[model]);
        double Cost(int model) => table.Examples.Average(example => example.Costs[model]);
        var mixed = MixedCost(Quality(weak), Quality(strong), Cost(weak), Cost(strong), 0.95);
        var share = Math.Max(0, ((0.95 * Quality(strong)) - Quality(weak)) / (Quality(strong) - Quality(weak)));
        return new RouterReport("zero", 1 - (mixed / Cost(strong)), null, null, 0, share, (Quality(weak) + Quality(strong)) / 2);
    }

    private static RouterReport Mean(string name, RouterReport[] reports) => new(
        name,
        reports.Average(report => report.Saved95),
        reports.Average(report => report.Saved95Low),
        reports.Average(report => report.Saved95High),
        reports.Average(report => report.Saved100),
        reports.Average(report => report.StrongCalls95),
        reports.Average(report => report.Aiq));
}
