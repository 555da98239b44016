using System.Numerics;
using System.Runtime.InteropServices;

namespace AgentOps.Engine.Routing.Quality;

/// <summary>
/// Linear least squares with a penalty for several targets of the same rows at once, each solved by conjugate gradients: no seed,
/// no rate, the same result each time and on every machine. The weights of all targets for a feature lie side by side.
/// </summary>
internal sealed class RidgeRegression
{
    private const int MaximumSteps = 60;
    private const double Tolerance = 1e-6;

    // Hashed features, then the shape's numbers, then one place for what only its own target sees.
    private const int Hashed = PromptFeatures.HashSize;
    private const int Features = Hashed + PromptFeatures.ShapeSize + 1;

    // Dense features are penalised a tenth as much.
    private const float DenseShare = 0.1f;

    private readonly Vector<float>[] _weights;
    private readonly int _width;

    private RidgeRegression(Vector<float>[] weights, int width)
    {
        _weights = weights;
        _width = width;
    }

    /// <summary>Solves.</summary>
    /// <param name="rows">The prompts.</param>
    /// <param name="own">Of each row, for each target a number that only it sees.</param>
    /// <param name="targets">Of each row, the targets; around zero.</param>
    /// <param name="penalty">The penalty on squared weights.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public static RidgeRegression Solve(IReadOnlyList<WeightedFeatures.Weighted> rows, IReadOnlyList<float[]> own, IReadOnlyList<float[]> targets, float penalty, CancellationToken cancellationToken)
    {
        var width = Width(targets[0].Length);
        var size = Features * width;
        var (weights, residual, image) = (new Vector<float>[size], new Vector<float>[size], new Vector<float>[size]);
        var seen = own.Select(values => Pack(values, width)).ToArray();
        for (var row = 0; row < rows.Count; row++)
        {
            Add(residual, rows[row], seen[row], Pack(targets[row], width));
        }

        var direction = (Vector<float>[])residual.Clone();
        var predicted = new Vector<float>[width];
        var norms = Products(residual, residual, width);
        var enough = norms.Select(norm => norm * Tolerance).ToArray();
        for (var step = 0; step < MaximumSteps && norms.Where((norm, target) => norm > enough[target]).Any(); step++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            for (var place = 0; place < size; place++)
            {
                image[place] = direction[place] * (place < Hashed * width ? penalty : penalty * DenseShare);
            }

            for (var row = 0; row < rows.Count; row++)
            {
                Apply(direction, rows[row], seen[row], predicted);
                Add(image, rows[row], seen[row], predicted);
            }

            // A target that is solved stands still.
            var steepness = Products(direction, image, width);
            var lengths = Pack([.. norms.Select((norm, target) => norm > enough[target] ? (float)(norm / steepness[target]) : 0)], width);
            for (var place = 0; place < size; place++)
            {
                weights[place] += lengths[place % width] * direction[place];
                residual[place] -= lengths[place % width] * image[place];
            }

            var next = Products(residual, residual, width);
            var turns = Pack([.. next.Select((norm, target) => norms[target] > 0 ? (float)(norm / norms[target]) : 0)], width);
            for (var place = 0; place < size; place++)
            {
                direction[place] = residual[place] + (turns[place % width] * direction[place]);
            }

            norms = next;
        }

        return new RidgeRegression(weights, width);
    }

    /// <summary>The prediction of each target for a row.</summary>
    public float[] Apply(WeightedFeatures.Weighted row, float[] own)
    {
        var predicted = new Vector<float>[_width];
        Apply(_weights, row, Pack(own, _width), predicted);
        return MemoryMarshal.Cast<Vector<float>, float>(predicted)[..own.Length].ToArray();
    }

    /// <summary>Reads the weights of so many targets.</summary>
    public static RidgeRegression Read(BinaryReader reader, int targets)
    {
        var width = Width(targets);
        var weights = new Vector<float>[Features * width];
        for (var feature = 0; feature < Features; feature++)
        {
            Pack(Numbers.ReadSingles(reader, targets), width).CopyTo(weights, feature * width);
        }

        return new RidgeRegression(weights, width);
    }

    /// <summary>Writes the weights of so many targets.</summary>
    public void Write(BinaryWriter writer, int targets)
    {
        for (var feature = 0; feature < Features; feature++)
        {
            Numbers.Write(writer, MemoryMarshal.Cast<Vector<float>, float>(_weights.AsSpan(feature * _width, _width))[..targets]);
        }
    }

    private static int Width(int targets) => (targets + Vector<float>.Count - 1) / Vector<float>.Count;

    private static Vector<float>[] Pack(float[] values, int width)
    {
        var packed = new Vector<float>[width];
        values.CopyTo(MemoryMarshal.Cast<Vector<float>, float>(packed));
        return packed;
    }

    private static void Apply(Vector<float>[] weights, in WeightedFeatures.Weighted row, Vector<float>[] own, Vector<float>[] predicted)
    {
        var width = predicted.Length;
        Array.Clear(predicted);
        for (var place = 0; place < row.Indices.Length; place++)
        {
            AddTo(predicted, weights.AsSpan(row.Indices[place] * width, width), row.Values[place]);
        }

        for (var place = 0; place < row.Shape.Length; place++)
        {
            AddTo(predicted, weights.AsSpan((Hashed + place) * width, width), row.Shape[place]);
        }

        for (var place = 0; place < width; place++)
        {
            predicted[place] += own[place] * weights[((Features - 1) * width) + place];
        }
    }

    private static void Add(Vector<float>[] sums, in WeightedFeatures.Weighted row, Vector<float>[] own, Vector<float>[] factors)
    {
        var width = factors.Length;
        for (var place = 0; place < row.Indices.Length; place++)
        {
            AddTo(sums.AsSpan(row.Indices[place] * width, width), factors, row.Values[place]);
        }

        for (var place = 0; place < row.Shape.Length; place++)
        {
            AddTo(sums.AsSpan((Hashed + place) * width, width), factors, row.Shape[place]);
        }

        for (var place = 0; place < width; place++)
        {
            sums[((Features - 1) * width) + place] += own[place] * factors[place];
        }
    }

    private static void AddTo(Span<Vector<float>> sums, ReadOnlySpan<Vector<float>> values, float factor)
    {
        for (var place = 0; place < sums.Length && place < values.Length; place++)
        {
            sums[place] += values[place] * factor;
        }
    }

    /// <summary>The product of two sets of weights, target by target.</summary>
    private static double[] Products(Vector<float>[] left, Vector<float>[] right, int width)
    {
        var (lower, upper) = (new Vector<double>[width], new Vector<double>[width]);
        for (var start = 0; start < left.Length; start += width)
        {
            for (var place = 0; place < width; place++)
            {
                Vector.Widen(left[start + place], out var leftLower, out var leftUpper);
                Vector.Widen(right[start + place], out var rightLower, out var rightUpper);
                lower[place] += leftLower * rightLower;
                upper[place] += leftUpper * rightUpper;
            }
        }

        var half = Vector<double>.Count;
        return [.. Enumerable.Range(0, 2 * half * width).Select(target => (target / half) % 2 == 0 ? lower[target / (2 * half)][target % half] : upper[target / (2 * half)][target % half])];
    }
}
