namespace AgentOps.Engine.Benchmarks.Regression;

/// <summary>Fisher's exact test for two shares, one-sided (Fisher 1922): the upper tail of the hypergeometric distribution.</summary>
public static class FisherExact
{
    /// <summary>How probable it is that so many of the failures, or more, fall into the sample when both fail equally often.</summary>
    /// <param name="failures">Failures of the sample.</param>
    /// <param name="calls">Calls of the sample.</param>
    /// <param name="referenceFailures">Failures of the reference.</param>
    /// <param name="referenceCalls">Calls of the reference.</param>
    /// <returns>p, from 0 to 1.</returns>
    public static double PValueGreater(int failures, int calls, int referenceFailures, int referenceCalls)
    {
        var all = failures + referenceFailures;
        var tail = 0.0;
        for (var count = failures; count <= Math.Min(calls, all); count++)
        {
            if (all - count <= referenceCalls)
            {
                tail += Math.Exp(LogChoose(calls, count) + LogChoose(referenceCalls, all - count) - LogChoose(calls + referenceCalls, all));
            }
        }

        return Math.Min(1, tail);
    }

    /// <summary>P(at least <paramref name="least"/> of <paramref name="calls"/> fail), each with this probability.</summary>
    internal static double BinomialTail(int least, int calls, double probability)
    {
        if (least <= 0 || probability >= 1)
        {
            return 1;
        }

        var tail = 0.0;
        for (var count = least; count <= calls && probability > 0; count++)
        {
            tail += Math.Exp(LogChoose(calls, count) + (count * Math.Log(probability)) + ((calls - count) * Math.Log(1 - probability)));
        }

        return Math.Min(1, tail);
    }

    private static double LogChoose(int n, int k) => LogFactorial(n) - LogFactorial(k) - LogFactorial(n - k);

    /// <summary>Stirling's series; below 16 the product itself.</summary>
    private static double LogFactorial(int n)
    {
        const int smallest = 16;
        if (n < smallest)
        {
            var product = 1.0;
            for (var factor = 2; factor <= n; factor++)
            {
                product *= factor;
            }

            return Math.Log(product);
        }

        double x = n;
        return ((x + 0.5) * Math.Log(x)) - x + (0.5 * Math.Log(2 * Math.PI))
            + (1 / (12 * x)) - (1 / (360 * x * x * x)) + (1 / (1260 * x * x * x * x * x));
    }
}
