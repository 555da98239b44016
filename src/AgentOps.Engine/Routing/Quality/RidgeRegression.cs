namespace AgentOps.Engine.Routing.Quality;

/// <summary>Linear least squares with a penalty, solved by conjugate gradients: no seed, no rate, the same result each time.</summary>
internal static class RidgeRegression
{
    private const int MaximumSteps = 60;
    private const double Tolerance = 1e-6;

    /// <summary>Weights for the hashed features, then for the dense ones, which are penalised a tenth as much.</summary>
    public static double[] Solve(
        IReadOnlyList<WeightedFeatures.Weighted> rows, double[][] dense, double[] targets, double penalty)
    {
        var size = PromptFeatures.HashSize + dense[0].Length;
        var weights = new double[size];
        var residual = new double[size];
        for (var row = 0; row < rows.Count; row++)
        {
            Add(residual, rows[row], dense[row], targets[row]);
        }

        var direction = (double[])residual.Clone();
        var image = new double[size];
        var norm = Dot(residual, residual);
        var enough = norm * Tolerance;
        for (var step = 0; step < MaximumSteps && norm > enough; step++)
        {
            for (var place = 0; place < size; place++)
            {
                image[place] = (place < PromptFeatures.HashSize ? penalty : penalty / 10) * direction[place];
            }

            for (var row = 0; row < rows.Count; row++)
            {
                Add(image, rows[row], dense[row], Apply(direction, rows[row], dense[row]));
            }

            var length = norm / Dot(direction, image);
            for (var place = 0; place < size; place++)
            {
                weights[place] += length * direction[place];
                residual[place] -= length * image[place];
            }

            var next = Dot(residual, residual);
            var turn = next / norm;
            norm = next;
            for (var place = 0; place < size; place++)
            {
                direction[place] = residual[place] + (turn * direction[place]);
            }
        }

        return weights;
    }

    /// <summary>The prediction for a row.</summary>
    public static double Apply(double[] weights, WeightedFeatures.Weighted row, double[] dense)
    {
        var sum = 0.0;
        for (var place = 0; place < row.Indices.Length; place++)
        {
            sum += weights[row.Indices[place]] * row.Values[place];
        }

        for (var place = 0; place < dense.Length; place++)
        {
            sum += weights[PromptFeatures.HashSize + place] * dense[place];
        }

        return sum;
    }

    private static void Add(double[] target, WeightedFeatures.Weighted row, double[] dense, double factor)
    {
        for (var place = 0; place < row.Indices.Length; place++)
        {
            target[row.Indices[place]] += factor * row.Values[place];
        }

        for (var place = 0; place < dense.Length; place++)
        {
            target[PromptFeatures.HashSize + place] += factor * dense[place];
        }
    }

    private static double Dot(double[] left, double[] right)
    {
        var sum = 0.0;
        for (var place = 0; place < left.Length; place++)
        {
            sum += left[place] * right[place];
        }

        return sum;
    }
}
