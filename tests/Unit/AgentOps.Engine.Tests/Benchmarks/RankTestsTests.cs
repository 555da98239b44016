using AgentOps.Engine.Benchmarks;
using AgentOps.Engine.Benchmarks.Regression;

namespace AgentOps.Engine.Tests.Benchmarks;

public sealed class RankTestsTests
{
    [Fact]
    public void Mann_Whitney_agrees_with_counting_all_divisions_of_the_ranks()
    {
        var random = new Random(3);
        for (var round = 0; round < 200; round++)
        {
            var values = Enumerable.Range(0, random.Next(2, 11)).Select(_ => random.NextDouble()).ToArray();
            var size = random.Next(1, values.Length);
            var (sample, reference) = (values[..size], values[size..]);
            Assert.Equal(ByCounting(sample, reference), MannWhitney.PValueGreater(sample, reference), 1e-12);
        }
    }

    [Fact]
    public void Mann_Whitney_of_ties_and_of_many_values_is_near_the_share_of_shuffles()
    {
        var random = new Random(4);
        foreach (var (n, m, kinds) in new[] { (10, 20, 8), (40, 60, 1_000_000) })
        {
            var reference = Enumerable.Range(0, m).Select(_ => (double)random.Next(kinds)).ToArray();
            var sample = Enumerable.Range(0, n).Select(_ => random.Next(kinds) + (kinds * 0.05)).Select(Math.Floor).ToArray();
            var seen = U(sample, reference);
            var all = sample.Concat(reference).ToArray();
            const int shuffles = 20_000;
            var asLarge = 0;
            for (var shuffle = 0; shuffle < shuffles; shuffle++)
            {
                random.Shuffle(all);
                asLarge += U(all[..n], all[n..]) >= seen ? 1 : 0;
            }

            Assert.Equal((double)asLarge / shuffles, MannWhitney.PValueGreater(sample, reference), 0.02);
        }
    }

    [Fact]
    public void Fisher_agrees_with_published_values_and_with_counting()
    {
        // Fisher's lady tasting tea: 3 of 4 right is 17 of 70; all right is 1 of 70.
        Assert.Equal(17.0 / 70, FisherExact.PValueGreater(3, 4, 1, 4), 1e-12);
        Assert.Equal(1.0 / 70, FisherExact.PValueGreater(4, 4, 0, 4), 1e-12);
        Assert.Equal(1, FisherExact.PValueGreater(0, 10, 3, 10), 1e-12);
        for (var failures = 0; failures <= 6; failures++)
        {
            Assert.Equal(ByDrawing(failures, 6, 2, 5), FisherExact.PValueGreater(failures, 6, 2, 5), 1e-12);
        }
    }

    [Fact]
    public void Holm_adjusts_as_its_paper_does()
    {
        double[] adjusted = Holm.Adjust([0.01, 0.04, 0.03, 0.005]);
        Assert.Equal([0.03, 0.06, 0.06, 0.02], adjusted.Select(p => Math.Round(p, 10)));
    }

    [Theory]
    [InlineData(1.6448536269514722, 0.05)]
    [InlineData(2.3263478740408408, 0.01)]
    [InlineData(-1.2815515655446004, 0.90)]
    public void The_normal_tail_is_the_tabulated_one(double z, double p)
    {
        Assert.Equal(p, NormalDistribution.UpperTail(z), 1e-6);
        Assert.Equal(z, NormalDistribution.UpperQuantile(p), 1e-5);
    }

    [Fact]
    public void A_quantile_is_a_value_that_so_many_do_not_exceed()
    {
        double[] values = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
        Assert.Equal((5, 9, 10, 1), (Quantile.Of(values, 0.5), Quantile.Of(values, 0.9), Quantile.Of(values, 0.99), Quantile.Of(values, 0)));
        Assert.Equal(2.5, Quantile.Median([4, 1, 3, 2]));
        Assert.True(double.IsNaN(Quantile.Median([])));
    }

    private static double U(double[] sample, double[] reference) =>
        sample.Sum(x => reference.Sum(y => x > y ? 1 : x == y ? 0.5 : 0));

    private static double ByCounting(double[] sample, double[] reference)
    {
        double[] all = [.. sample, .. reference];
        var seen = U(sample, reference);
        int asLarge = 0, divisions = 0;
        for (var chosen = 0; chosen < 1 << all.Length; chosen++)
        {
            if (int.PopCount(chosen) != sample.Length)
            {
                continue;
            }

            divisions++;
            double[] first = [.. all.Where((_, index) => (chosen >> index & 1) == 1)];
            double[] second = [.. all.Where((_, index) => (chosen >> index & 1) == 0)];
            asLarge += U(first, second) >= seen ? 1 : 0;
        }

        return (double)asLarge / divisions;
    }

    private static double ByDrawing(int failures, int calls, int referenceFailures, int referenceCalls)
    {
        int all = calls + referenceCalls, bad = failures + referenceFailures, asMany = 0, draws = 0;
        for (var chosen = 0; chosen < 1 << all; chosen++)
        {
            if (int.PopCount(chosen) == bad)
            {
                draws++;
                asMany += int.PopCount(chosen & ((1 << calls) - 1)) >= failures ? 1 : 0;
            }
        }

        return (double)asMany / draws;
    }
}
