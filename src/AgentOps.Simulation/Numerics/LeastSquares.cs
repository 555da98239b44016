namespace AgentOps.Simulation.Numerics;

/// <summary>Nonlinear least squares by Levenberg and Marquardt with numerical derivatives; deterministic.</summary>
public static class LeastSquares
{
    // Derivatives over a distance: first a near one, then, where that leads nowhere, a far one, which sees over the small steps that
    // simulated percentiles make.
    private static readonly double[] Differences = [0.02, 0.07];

    /// <summary>Minimises the sum of squares.</summary>
    /// <param name="residuals">Residuals at a point, always equally many.</param>
    /// <param name="start">Where to start; not changed.</param>
    /// <param name="iterations">The largest number of iterations.</param>
    /// <param name="cancellationToken">Stops the fit.</param>
    /// <returns>The point found and its sum of squares.</returns>
    public static (double[] Point, double Sum) Minimize(Func<double[], double[]> residuals, double[] start, int iterations, CancellationToken cancellationToken = default)
    {
        var point = (double[])start.Clone();
        var current = residuals(point);
        var sum = SumOfSquares(current);
        var damping = 1e-2;
        var distance = 0;
        for (var iteration = 0; iteration < iterations; iteration++)
        {
            var jacobian = Jacobian(residuals, point, current, Differences[distance], cancellationToken);
            var before = sum;
            for (var attempt = 0; attempt < 6; attempt++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var step = Solve(jacobian, current, damping);
                var candidate = new double[point.Length];
                for (var i = 0; i < point.Length; i++)
                {
                    candidate[i] = point[i] + Math.Clamp(step[i], -0.7, 0.7);
                }

                var tried = residuals(candidate);
                var reached = SumOfSquares(tried);
                if (reached < sum)
                {
                    point = candidate;
                    current = tried;
                    sum = reached;
                    damping = Math.Max(1e-6, damping / 5);
                    break;
                }

                damping *= 8;
            }

            if (before - sum < 3e-4 * before)
            {
                if (++distance == Differences.Length)
                {
                    break;
                }

                damping = 1e-2;
            }
        }

        return (point, sum);
    }

    private static double SumOfSquares(double[] values)
    {
        double sum = 0;
        foreach (var value in values)
        {
            sum += value * value;
        }

        return sum;
    }

    private static double[][] Jacobian(Func<double[], double[]> residuals, double[] point, double[] current, double distance, CancellationToken cancellationToken)
    {
        var columns = new double[point.Length][];
        for (var i = 0; i < point.Length; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var shifted = (double[])point.Clone();
            shifted[i] += distance;
            var there = residuals(shifted);
            var column = new double[current.Length];
            for (var j = 0; j < column.Length; j++)
            {
                column[j] = (there[j] - current[j]) / distance;
            }

            columns[i] = column;
        }

        return columns;
    }

    // (JᵀJ + damping · diag(JᵀJ)) step = −Jᵀr, by Gaussian elimination with pivots.
    private static double[] Solve(double[][] jacobian, double[] residuals, double damping)
    {
        var n = jacobian.Length;
        var matrix = new double[n, n + 1];
        for (var i = 0; i < n; i++)
        {
            for (var j = 0; j < n; j++)
            {
                matrix[i, j] = Dot(jacobian[i], jacobian[j]);
            }

            matrix[i, i] += (damping * matrix[i, i]) + 1e-12;
            matrix[i, n] = -Dot(jacobian[i], residuals);
        }

        for (var column = 0; column < n; column++)
        {
            var pivot = column;
            for (var row = column + 1; row < n; row++)
            {
                pivot = Math.Abs(matrix[row, column]) > Math.Abs(matrix[pivot, column]) ? row : pivot;
            }

            for (var k = 0; k <= n; k++)
            {
                (matrix[column, k], matrix[pivot, k]) = (matrix[pivot, k], matrix[column, k]);
            }

            for (var row = 0; row < n; row++)
            {
                if (row != column && matrix[row, column] != 0)
                {
                    var factor = matrix[row, column] / matrix[column, column];
                    for (var k = column; k <= n; k++)
                    {
                        matrix[row, k] -= factor * matrix[column, k];
                    }
                }
            }
        }

        var step = new double[n];
        for (var i = 0; i < n; i++)
        {
            step[i] = matrix[i, n] / matrix[i, i];
        }

        return step;
    }

    private static double Dot(double[] a, double[] b)
    {
        double sum = 0;
        for (var i = 0; i < a.Length; i++)
        {
            sum += a[i] * b[i];
        }

        return sum;
    }
}
