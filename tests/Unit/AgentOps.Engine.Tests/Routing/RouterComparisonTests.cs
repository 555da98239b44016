using AgentOps.Engine.Routing.Quality;

namespace AgentOps.Engine.Tests.Routing;

public class RouterComparisonTests
{
    public static TheoryData<int> Seeds => [.. Enumerable.Range(0, 30)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Every_price_of_quality_is_a_prefix_of_the_moves(int seed)
    {
        var random = new Random(seed);
        var (rows, models) = (random.Next(1, 20), random.Next(1, 7));
        var scores = Numbers(random, rows, models);
        var costs = Numbers(random, rows, models);
        var order = RoutingOrder.Of(scores, costs);

        // Every assignment that the moves lead through.
        var routed = order.First.ToArray();
        var passed = new HashSet<string> { string.Join(',', routed) };
        foreach (var move in order.Moves)
        {
            Assert.Equal(routed[move.Row], move.From);
            routed[move.Row] = move.To;
            passed.Add(string.Join(',', routed));
        }

        for (var trial = 0; trial < 50; trial++)
        {
            var price = Math.Pow(10, (random.NextDouble() * 6) - 3);
            var best = Enumerable.Range(0, rows).Select(row => Enumerable.Range(0, models).MaxBy(model => scores[row][model] - (price * costs[row][model])));
            Assert.Contains(string.Join(',', best), passed);
        }
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void The_frontier_is_the_cheapest_mixture_of_two_points(int seed)
    {
        var random = new Random(seed);
        var points = Enumerable.Range(0, random.Next(1, 12)).Select(_ => new FrontierPoint(random.Next(1, 20), random.Next(0, 20), random.NextDouble())).ToArray();
        var frontier = new CostFrontier(points);
        var most = points.Max(point => point.Quality);
        for (var quality = 0.25; quality <= most; quality += 0.5)
        {
            var mixed = points.SelectMany(one => points.Select(other => Mixed(one, other, quality))).Min();
            Assert.Equal(mixed, frontier.At(quality)!.Value.Cost, 9);
        }

        Assert.Null(frontier.At(most + 0.1));
        var (least, last) = (points.Min(point => point.Cost), points.Max(point => point.Cost) + 3);
        var area = Enumerable.Range(0, 20_000).Average(step => QualityAt(points, least + ((step + 0.5) / 20_000 * (last - least))));
        Assert.InRange(frontier.MeanQuality(least, last), area - 0.01, area + 0.01);
    }

    [Theory]
    [InlineData(2, true)]
    [InlineData(5, true)]
    [InlineData(5, false)]
    public void Knowing_more_never_costs_more_and_the_unit_of_money_does_not_matter(int models, bool hasCategories)
    {
        var table = Made(models, hasCategories, 1);
        var reports = RouterComparison.Compare(table, folds: 3, seeds: 2).Reports.ToDictionary(report => report.Router);
        Assert.Equal(hasCategories, reports.ContainsKey("category"));
        foreach (var report in reports.Values)
        {
            Assert.InRange(report.Saved95.Value, report.Saved100.Value, reports["oracle"].Saved95.Value);
            Assert.InRange(report.Saved100.Value, 0, reports["oracle"].Saved100.Value);
            Assert.True(report.Saved95.Low <= report.Saved95.High && report.Saved100.Low <= report.Saved100.High);
            Assert.True(report.Aiq <= reports["oracle"].Aiq);
        }

        Assert.Equal(0, reports["zero"].BeyondZero.Value);
        var dearer = RouterComparison.Compare(Made(models, hasCategories, 1000), folds: 3, seeds: 2).Reports;
        Assert.Equal(reports["learned"].Saved95.Value, dearer[0].Saved95.Value, 3);
    }

    [Fact]
    public void A_model_that_is_weaker_and_dearer_is_never_worth_it()
    {
        var examples = Enumerable.Range(0, 60).Select(row => new QualityExample($"prompt {row}", null, [row % 5 == 0 ? 0 : 1, row % 2], [1, 3])).ToArray();
        Assert.All(RouterComparison.Compare(new QualityTable(["good", "dear"], examples), folds: 3, seeds: 1).Reports.Take(2), report => Assert.Equal(0, report.Saved95.Value, 6));
    }

    [Fact]
    public void The_regression_solves_the_normal_equations_of_each_target()
    {
        // One feature a row and none in common, so that the solution can be written down.
        float[] values = [1, 0.5f, 2];
        var rows = values.Select((value, row) => new WeightedFeatures.Weighted([row * 7], [value], new float[PromptFeatures.ShapeSize])).ToArray();
        var targets = Enumerable.Range(0, 3).Select(row => Enumerable.Range(0, 11).Select(target => (float)((row + 1) * (target - 5))).ToArray()).ToArray();
        var own = rows.Select(_ => new float[11]).ToArray();
        var solved = RidgeRegression.Solve(rows, own, targets, penalty: 2, CancellationToken.None);
        for (var row = 0; row < rows.Length; row++)
        {
            var share = values[row] * values[row] / ((values[row] * values[row]) + 2);
            var predicted = solved.Apply(rows[row], own[row]);
            Assert.All(Enumerable.Range(0, 11), target => Assert.Equal(share * targets[row][target], predicted[target], 2));
        }
    }

    private static double Mixed(FrontierPoint one, FrontierPoint other, double quality)
    {
        if (one.Quality >= quality)
        {
            return one.Cost;
        }

        return other.Quality < quality ? double.PositiveInfinity : one.Cost + ((quality - one.Quality) / (other.Quality - one.Quality) * (other.Cost - one.Cost));
    }

    private static double QualityAt(FrontierPoint[] points, double cost) => points.SelectMany(one => points.Select(other =>
        one.Cost > cost ? double.NegativeInfinity
        : other.Cost <= cost ? Math.Max(one.Quality, other.Quality)
        : one.Quality + ((cost - one.Cost) / (other.Cost - one.Cost) * (other.Quality - one.Quality)))).Max();

    private static double[][] Numbers(Random random, int rows, int models) =>
        [.. Enumerable.Range(0, rows).Select(_ => Enumerable.Range(0, models).Select(_ => random.NextDouble()).ToArray())];

    private static QualityTable Made(int models, bool hasCategories, double unit)
    {
        var random = new Random(models);
        string[] words = ["integral", "matrix", "poem", "novel", "court", "treaty"];
        var examples = Enumerable.Range(0, 240).Select(row =>
        {
            var topic = random.Next(words.Length);
            var scores = Enumerable.Range(0, models).Select(model => random.NextDouble() < 0.3 + (0.6 * (model + (topic == model ? 3 : 0)) / (models + 2)) ? 1.0 : 0).ToArray();
            return new QualityExample($"About the {words[topic]}, number {row}", hasCategories ? $"c{topic / 2}" : null, scores, [.. Enumerable.Range(0, models).Select(model => unit * 0.001 * (model + 1) * (1 + random.NextDouble()))]);
        }).ToArray();
        return new QualityTable([.. Enumerable.Range(0, models).Select(model => $"m{model}")], examples);
    }
}
