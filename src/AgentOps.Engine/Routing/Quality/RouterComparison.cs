using AgentOps.Engine.Errors;

namespace AgentOps.Engine.Routing.Quality;

/// <summary>
/// Sets the learned router beside the zero-router, a category router and the oracle. Each routes every prompt among all models, by
/// what it knows of scores and costs; beside that each may send all to the cheapest or to the strongest model.
/// </summary>
public sealed class RouterComparison
{
    private const string Zero = "zero";
    private const int Resamples = 200;

    // Of the strongest model's cost: less than this is nothing.
    private const double NoGain = 0.0005;

    // Points of one curve: enough for every prompt of most tables.
    private const int PointsAtMost = 16_384;

    private readonly QualityTable _table;
    private readonly int _strong;
    private readonly int _cheap;

    private RouterComparison(QualityTable table)
    {
        _table = table;
        var means = Enumerable.Range(0, table.Models.Count).Select(model => Constant(model, null)).ToArray();
        var models = Enumerable.Range(0, means.Length).ToArray();
        _strong = models.OrderByDescending(model => means[model].Quality).ThenBy(model => means[model].Cost).First();
        _cheap = models.OrderBy(model => means[model].Cost).ThenByDescending(model => means[model].Quality).First();
        Strongest = table.Models[_strong];
        (Least, Most) = (means[_cheap].Cost, means.Max(mean => mean.Cost));
        if (means[_strong].Cost <= 0)
        {
            throw new AgentOpsException(ErrorCodes.QualityTableInvalid, $"The strongest model, {Strongest}, costs nothing, so that nothing can be saved.", Strongest);
        }
    }

    private delegate IEnumerable<FrontierPoint> Curve(int[]? weights);

    /// <summary>The model whose quality and cost the others are measured by: the best on average, the cheapest of several.</summary>
    public string Strongest { get; }

    /// <summary>The routers: learned, zero, category (where the table has one for each prompt), oracle.</summary>
    public IReadOnlyList<RouterReport> Reports { get; private set; } = [];

    /// <summary>Why the learned router may not be worth having; null where it surely beats the zero-router.</summary>
    public string? Doubt => Reports[0].BeyondZero switch
    {
        { Value: < NoGain } => "The learned router does not beat the zero-router on this table: route at random, or not at all.",
        { Low: <= 0 } => "That the learned router beats the zero-router on this table may be chance.",
        _ => null,
    };

    private double Least { get; }

    private double Most { get; }

    /// <summary>
    /// Compares. The zero-router mixes models at random and knows nothing of a prompt (the convex hull of cost and quality); the
    /// category router knows each prompt's category, the oracle each prompt's scores and costs.
    /// </summary>
    /// <param name="table">The table.</param>
    /// <param name="folds">Folds of the cross-validation.</param>
    /// <param name="seeds">Repetitions with other folds; the figures are their means.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="AgentOpsException">The strongest model costs nothing, or there is one prompt alone.</exception>
    public static RouterComparison Compare(QualityTable table, int folds = 5, int seeds = 5, CancellationToken cancellationToken = default)
    {
        if (table.Examples.Count < 2)
        {
            throw new AgentOpsException(ErrorCodes.QualityTableInvalid, "The table has one prompt that every model answered: what is learned from it can't be measured on another.",
                mend: "Give a table with more prompts; some hundred are the least that says anything.");
        }

        var comparison = new RouterComparison(table);
        var routers = new List<(string Name, Curve[] Curves)>
        {
            ("learned", [.. Enumerable.Range(0, seeds).Select(seed => comparison.Routed(RouterEvaluation.CrossValidate(table, folds, seed, cancellationToken)))]),
            (Zero, [weights => Enumerable.Range(0, table.Models.Count).Select(model => comparison.Constant(model, weights))]),
        };
        if (table.Examples.All(example => example.Category is not null))
        {
            routers.Add(("category", [.. Enumerable.Range(0, seeds).Select(seed => comparison.Routed(RouterEvaluation.CategoryMeans(table, folds, seed)))]));
        }

        routers.Add(("oracle", [comparison.Routed(table.Examples.Select(example => new QualityPrediction([.. example.Scores], [.. example.Costs])))]));
        comparison.Reports = comparison.Report(routers, cancellationToken);
        return comparison;
    }

    private RouterReport[] Report(List<(string Name, Curve[] Curves)> routers, CancellationToken cancellationToken)
    {
        var zero = routers.FindIndex(router => router.Name == Zero);
        var resampled = new (double At95, double At100)[Resamples][];
        Parallel.For(0, Resamples, new ParallelOptions { CancellationToken = cancellationToken }, seed => resampled[seed] = Saved(routers, Resample(seed)));
        var saved = Saved(routers, null);
        var strong = Constant(_strong, null);
        return [.. routers.Select((router, place) =>
        {
            var frontiers = router.Curves.Select(curve => Frontier(curve, null, Constant(_cheap, null), strong)).ToArray();
            return new RouterReport(
                router.Name,
                Interval(saved[place].At95, resampled.Select(one => one[place].At95)),
                Interval(saved[place].At100, resampled.Select(one => one[place].At100)),
                Interval(saved[place].At95 - saved[zero].At95, resampled.Select(one => one[place].At95 - one[zero].At95)),
                frontiers.Average(frontier => frontier.At(0.95 * strong.Quality)!.Value.StrongCalls),
                Most > Least ? frontiers.Average(frontier => frontier.MeanQuality(Least, Most)) : null);
        })];
    }

    private static Estimate Interval(double value, IEnumerable<double> resampled)
    {
        var sorted = resampled.Order().ToArray();
        return new Estimate(value, sorted[(int)(Resamples * 0.025)], sorted[(int)(Resamples * 0.975)]);
    }

    /// <summary>How often each prompt is drawn into one resample.</summary>
    private int[] Resample(int seed)
    {
        var random = new Random(seed);
        var weights = new int[_table.Examples.Count];
        for (var draw = 0; draw < weights.Length; draw++)
        {
            weights[random.Next(weights.Length)]++;
        }

        return weights;
    }

    /// <summary>What each router saves, as a mean of its curves.</summary>
    private (double At95, double At100)[] Saved(List<(string Name, Curve[] Curves)> routers, int[]? weights)
    {
        var (cheap, strong) = (Constant(_cheap, weights), Constant(_strong, weights));
        return [.. routers.Select(router =>
        {
            var frontiers = router.Curves.Select(curve => Frontier(curve, weights, cheap, strong)).ToArray();
            return (frontiers.Average(frontier => At(frontier, 0.95)), frontiers.Average(frontier => At(frontier, 1)));
        })];

        double At(CostFrontier frontier, double share) => frontier.At(share * strong.Quality) is { } point && strong.Cost > 0 ? 1 - (point.Cost / strong.Cost) : 0;
    }

    private static CostFrontier Frontier(Curve curve, int[]? weights, FrontierPoint cheap, FrontierPoint strong) => new([.. curve(weights), cheap, strong]);

    /// <summary>Every prompt to one model.</summary>
    private FrontierPoint Constant(int model, int[]? weights)
    {
        var (cost, quality) = (0.0, 0.0);
        for (var row = 0; row < _table.Examples.Count; row++)
        {
            var weight = weights?[row] ?? 1;
            cost += weight * _table.Examples[row].Costs[model];
            quality += weight * _table.Examples[row].Scores[model];
        }

        return new FrontierPoint(cost / _table.Examples.Count, quality / _table.Examples.Count, model == _strong ? 1 : 0);
    }

    /// <summary>What comes of routing by predictions, from all cheap to all good.</summary>
    private Curve Routed(IEnumerable<QualityPrediction> predictions)
    {
        var known = predictions.ToArray();
        var order = RoutingOrder.Of([.. known.Select(prediction => prediction.Scores)], [.. known.Select(prediction => prediction.Costs)]);
        return weights => Follow(order, weights);
    }

    private IEnumerable<FrontierPoint> Follow(RoutingOrder order, int[]? weights)
    {
        double count = _table.Examples.Count, cost = 0, quality = 0, strong = 0;
        for (var row = 0; row < order.First.Count; row++)
        {
            Add(row, order.First[row], weights?[row] ?? 1);
        }

        yield return new FrontierPoint(cost / count, quality / count, strong / count);
        var stride = (order.Moves.Count / PointsAtMost) + 1;
        for (var place = 0; place < order.Moves.Count; place++)
        {
            var move = order.Moves[place];
            var weight = weights?[move.Row] ?? 1;
            Add(move.Row, move.From, -weight);
            Add(move.Row, move.To, weight);
            if (place % stride == 0 || place == order.Moves.Count - 1)
            {
                yield return new FrontierPoint(cost / count, quality / count, strong / count);
            }
        }

        void Add(int row, int model, int weight)
        {
            cost += weight * _table.Examples[row].Costs[model];
            quality += weight * _table.Examples[row].Scores[model];
            strong += model == _strong ? weight : 0;
        }
    }
}
