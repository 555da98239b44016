namespace AgentOps.Engine.Routing.Quality;

/// <summary>
/// Predicts, from a prompt's text alone, how well each model will answer it and what that costs. Learned from a table: which
/// domain the words speak of and what models score and cost there, corrected by a penalised linear regression on the words themselves.
/// </summary>
public sealed class QualityModel
{
    private const int InnerFolds = 5;
    private const double Shrinkage = 20;
    private const float Penalty = 5;
    private const double DomainWeight = 0.9;

    private readonly WeightedFeatures _weights;
    private readonly DomainModel? _domains;
    private readonly LearnedTarget[] _targets;
    private readonly RidgeRegression _regression;

    private QualityModel(WeightedFeatures weights, DomainModel? domains, LearnedTarget[] targets, RidgeRegression regression)
    {
        _weights = weights;
        _domains = domains;
        _targets = targets;
        _regression = regression;
    }

    /// <summary>Learns from a whole table.</summary>
    public static QualityModel Train(QualityTable table, CancellationToken cancellationToken = default) => Train(table.Examples, table.Features, cancellationToken);

    internal static QualityModel Train(IReadOnlyList<QualityExample> examples, IReadOnlyList<PromptFeatures> features, CancellationToken cancellationToken)
    {
        var weights = new WeightedFeatures(features);
        var rows = features.Select(weights.Weigh).ToArray();
        var labels = DomainLabels.Of(examples);
        var posteriors = labels is null ? null : OutOfFold(rows, labels);
        var domains = labels is null ? null : new DomainModel(rows, labels.Rows, labels.Count);

        // The scores of all models, then their costs.
        var models = examples[0].Scores.Count;
        var targets = new LearnedTarget[2 * models];
        var own = rows.Select(_ => new float[targets.Length]).ToArray();
        var wanted = rows.Select(_ => new float[targets.Length]).ToArray();
        for (var target = 0; target < targets.Length; target++)
        {
            var values = examples.Select(example => target < models ? example.Scores[target] : example.Costs[target - models]).ToArray();
            var mean = values.Average();
            var strengths = labels is null ? [] : Strengths(values, labels, mean);
            var expected = rows.Select((_, row) => posteriors is null ? 0 : Expect(posteriors[row], strengths)).ToArray();
            var center = expected.Average();
            var learned = new LearnedTarget(mean, values.Min(), strengths, center, Math.Sqrt(expected.Average(value => Math.Pow(value - center, 2)) + 1e-12));
            for (var row = 0; row < rows.Length; row++)
            {
                own[row][target] = Own(learned, expected[row]);
                wanted[row][target] = (float)(values[row] - mean);
            }

            targets[target] = learned;
        }

        return new QualityModel(weights, domains, targets, RidgeRegression.Solve(rows, own, wanted, Penalty, cancellationToken));
    }

    /// <summary>Predicts a prompt's scores and costs.</summary>
    public QualityPrediction Predict(string prompt) => Predict(PromptFeatures.Of(prompt));

    internal QualityPrediction Predict(PromptFeatures prompt)
    {
        var row = _weights.Weigh(prompt);
        var posterior = _domains?.Posterior(row);
        var own = Array.ConvertAll(_targets, target => posterior is null ? 0 : Own(target, Expect(posterior, target.Strengths)));
        var corrections = _regression.Apply(row, own);
        var models = _targets.Length / 2;
        var (scores, costs) = (new double[models], new double[models]);
        for (var model = 0; model < models; model++)
        {
            scores[model] = _targets[model].Mean + corrections[model];
            costs[model] = Math.Max(_targets[models + model].Least, _targets[models + model].Mean + corrections[models + model]);
        }

        return new QualityPrediction(scores, costs);
    }

    /// <summary>Writes what was learned.</summary>
    internal void Write(BinaryWriter writer)
    {
        _weights.Write(writer);
        writer.Write(_domains?.Domains ?? 0);
        _domains?.Write(writer);
        foreach (var target in _targets)
        {
            Numbers.Write(writer, [target.Mean, target.Least, target.Center, target.Spread, .. target.Strengths]);
        }

        _regression.Write(writer, _targets.Length);
    }

    /// <summary>Reads what was learned of so many models.</summary>
    /// <exception cref="InvalidDataException">The numbers are none that could have been learned.</exception>
    /// <exception cref="EndOfStreamException">There are too few.</exception>
    internal static QualityModel Read(BinaryReader reader, int models)
    {
        var weights = WeightedFeatures.Read(reader);
        var count = Numbers.ReadCount(reader, DomainLabels.DomainsAtMost + 1);
        var domains = count > 0 ? DomainModel.Read(reader, count) : null;
        var targets = new LearnedTarget[2 * models];
        for (var target = 0; target < targets.Length; target++)
        {
            var numbers = Numbers.ReadDoubles(reader, 4 + count);
            targets[target] = new LearnedTarget(numbers[0], numbers[1], numbers[4..], numbers[2], numbers[3]);
        }

        return new QualityModel(weights, domains, targets, RidgeRegression.Read(reader, targets.Length));
    }

    // What the domain says of an example must not have been learned from that example.
    private static double[][] OutOfFold(WeightedFeatures.Weighted[] rows, DomainLabels labels)
    {
        var posteriors = new double[rows.Length][];
        for (var fold = 0; fold < InnerFolds; fold++)
        {
            var learned = Enumerable.Range(0, rows.Length).Where(row => row % InnerFolds != fold).ToArray();
            var model = new DomainModel([.. learned.Select(row => rows[row])], [.. learned.Select(row => labels.Rows[row])], labels.Count);
            for (var row = fold; row < rows.Length; row += InnerFolds)
            {
                posteriors[row] = model.Posterior(rows[row]);
            }
        }

        return posteriors;
    }

    private static double[] Strengths(double[] values, DomainLabels labels, double mean)
    {
        var sums = new double[labels.Count];
        var counts = new double[labels.Count];
        for (var row = 0; row < values.Length; row++)
        {
            sums[labels.Rows[row]] += values[row];
            counts[labels.Rows[row]]++;
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

    private static float Own(LearnedTarget target, double expected) => (float)(DomainWeight * (expected - target.Center) / target.Spread);

    /// <summary>What was learned of one target beside the regression.</summary>
    /// <param name="Mean">Its mean.</param>
    /// <param name="Least">Its smallest value.</param>
    /// <param name="Strengths">Its mean in each domain, drawn to the mean of all.</param>
    /// <param name="Center">The mean of what the domains let expect.</param>
    /// <param name="Spread">The standard deviation of the same.</param>
    private sealed record LearnedTarget(double Mean, double Least, double[] Strengths, double Center, double Spread);
}
