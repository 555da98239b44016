namespace AgentOps.Engine.Routing.Quality;

/// <summary>
/// Predicts, from a prompt's text alone, how well each model will answer it. Learned from a table: which domain the words
/// speak of and how strong each model is there, corrected by a penalised linear regression on the words themselves.
/// </summary>
public sealed class QualityModel
{
    private const int InnerFolds = 5;
    private const double Shrinkage = 20;
    private const double Penalty = 5;
    private const double ShapeWeight = 0.1;
    private const double DomainWeight = 0.9;

    private readonly WeightedFeatures weights;
    private readonly DomainModel? domains;
    private readonly double[][] strengths;
    private readonly double[][] regressions;
    private readonly double[] means;
    private readonly double[] domainMeans;
    private readonly double[] domainSpreads;

    private QualityModel(
        WeightedFeatures weights, DomainModel? domains, double[][] strengths, double[][] regressions,
        double[] means, double[] domainMeans, double[] domainSpreads)
    {
        this.weights = weights;
        this.domains = domains;
        this.strengths = strengths;
        this.regressions = regressions;
        this.means = means;
        this.domainMeans = domainMeans;
        this.domainSpreads = domainSpreads;
    }

    /// <summary>Learns from examples.</summary>
    public static QualityModel Train(IReadOnlyList<QualityExample> examples) =>
        Train(examples, [.. examples.Select(example => PromptFeatures.Of(example.Prompt))]);

    internal static QualityModel Train(IReadOnlyList<QualityExample> examples, IReadOnlyList<PromptFeatures> features)
    {
        var weights = new WeightedFeatures(features);
        var rows = features.Select(weights.Weigh).ToArray();
        var names = examples.Select(example => example.Category).OfType<string>().Distinct(StringComparer.Ordinal).ToArray();
        var labels = examples.Select(example => Array.IndexOf(names, example.Category)).ToArray();
        var models = examples[0].Scores.Count;
        var means = Enumerable.Range(0, models).Select(model => examples.Average(example => example.Scores[model])).ToArray();
        var hasDomains = names.Length > 1 && !labels.Contains(-1);
        var posteriors = hasDomains ? OutOfFold(rows, labels, names.Length) : null;
        var domains = hasDomains ? new DomainModel(rows, labels, names.Length) : null;

        var strengths = new double[models][];
        var regressions = new double[models][];
        var domainMeans = new double[models];
        var domainSpreads = new double[models];
        for (var model = 0; model < models; model++)
        {
            strengths[model] = Strengths(examples, labels, hasDomains ? names.Length : 0, model, means[model]);
            var expected = rows.Select((_, row) => posteriors is null ? 0 : Expect(posteriors[row], strengths[model])).ToArray();
            domainMeans[model] = expected.Average();
            domainSpreads[model] = Math.Sqrt(expected.Average(value => Math.Pow(value - domainMeans[model], 2)) + 1e-12);
            var dense = rows.Select((row, place) =>
                Dense(row.Shape, (expected[place] - domainMeans[model]) / domainSpreads[model])).ToArray();
            var targets = examples.Select(example => example.Scores[model] - means[model]).ToArray();
            regressions[model] = RidgeRegression.Solve(rows, dense, targets, Penalty);
        }

        return new QualityModel(weights, domains, strengths, regressions, means, domainMeans, domainSpreads);
    }

    /// <summary>The predicted score of each model, in the order of the table; about 0 to 1, not clamped.</summary>
    public double[] Predict(string prompt) => Predict(PromptFeatures.Of(prompt));

    internal double[] Predict(PromptFeatures prompt)
    {
        var row = weights.Weigh(prompt);
        var posterior = domains?.Posterior(row);
        var scores = new double[means.Length];
        for (var model = 0; model < scores.Length; model++)
        {
            var expected = posterior is null ? 0 : (Expect(posterior, strengths[model]) - domainMeans[model]) / domainSpreads[model];
            scores[model] = means[model] + RidgeRegression.Apply(regressions[model], row, Dense(row.Shape, expected));
        }

        return scores;
    }

    // What the domain says of an example must not have been learned from that example.
    private static double[][] OutOfFold(WeightedFeatures.Weighted[] rows, int[] labels, int domains)
    {
        var posteriors = new double[rows.Length][];
        for (var fold = 0; fold < InnerFolds; fold++)
        {
            var learned = Enumerable.Range(0, rows.Length).Where(row => row % InnerFolds != fold).ToArray();
            var model = new DomainModel([.. learned.Select(row => rows[row])], [.. learned.Select(row => labels[row])], domains);
            for (var row = fold; row < rows.Length; row += InnerFolds)
            {
                posteriors[row] = model.Posterior(rows[row]);
            }
        }

        return posteriors;
    }

    private static double[] Strengths(IReadOnlyList<QualityExample> examples, int[] labels, int domains, int model, double mean)
    {
        var sums = new double[domains];
        var counts = new double[domains];
        for (var row = 0; row < labels.Length && domains > 0; row++)
        {
            sums[labels[row]] += examples[row].Scores[model];
            counts[labels[row]]++;
        }

        return [.. sums.Select((sum, domain) => (sum + (Shrinkage * mean)) / (counts[domain] + Shrinkage))];
    }

    private static double Expect(double[] posterior, double[] strengths)
    {
        var sum = 0.0;
        for (var domain = 0; domain < strengths.Length; domain++)
        {
            sum += posterior[domain] * strengths[domain];
        }

        return sum;
    }

    private static double[] Dense(double[] shape, double expected)
    {
        var dense = new double[shape.Length + 1];
        for (var place = 0; place < shape.Length; place++)
        {
            dense[place] = ShapeWeight * shape[place];
        }

        dense[^1] = DomainWeight * expected;
        return dense;
    }
}
