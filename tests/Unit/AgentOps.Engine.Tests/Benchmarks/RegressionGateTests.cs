using System.Text;
using System.Xml.Linq;
using AgentOps.Engine.Benchmarks.Endpoints;
using AgentOps.Engine.Benchmarks.Regression;
using AgentOps.Engine.Errors;

namespace AgentOps.Engine.Tests.Benchmarks;

public sealed class RegressionGateTests
{
    private static readonly RegressionGate Gate = new();

    private static TargetSlots Slots(int seed, int count, double factor = 1, double noise = 0.1, int failures = 0)
    {
        var random = new Random(seed);
        double[] Draw(double center) => [.. Enumerable.Range(0, count).Select(_ => center * Math.Exp(noise * (random.NextDouble() + random.NextDouble() + random.NextDouble() - 1.5)))];
        return new TargetSlots("cloud/m", [new MetricSlots("ttft", [.. Draw(0.5).Select(value => value * factor)]), new MetricSlots("tpot", Draw(0.02))], count * 10, failures);
    }

    private static GateOutcome Of(TargetVerdict verdict, string metric) => verdict.Metrics.Single(one => one.Metric == metric).Outcome;

    [Fact]
    public void The_same_passes_and_a_slower_one_fails_for_what_is_slower()
    {
        Assert.Equal(GateOutcome.Pass, Gate.Judge(Slots(1, 20), Slots(2, 10)).Outcome);
        var slower = Gate.Judge(Slots(1, 20), Slots(2, 10, 1.3));
        Assert.Equal((GateOutcome.Fail, GateOutcome.Fail, GateOutcome.Pass), (slower.Outcome, Of(slower, "ttft"), Of(slower, "tpot")));
        Assert.Equal(GateOutcome.Pass, Gate.Judge(Slots(1, 20), Slots(2, 10, 0.5)).Outcome);
    }

    [Fact]
    public void A_significant_rise_below_the_least_ratio_is_no_failure() =>
        Assert.Equal(GateOutcome.Pass, Of(Gate.Judge(Slots(1, 20, noise: 0.01), Slots(2, 10, 1.05, noise: 0.01)), "ttft"));

    [Fact]
    public void Noise_is_inconclusive_and_says_what_would_be_found()
    {
        var verdict = Gate.Judge(Slots(1, 20, noise: 2), Slots(2, 10, noise: 2));
        var first = verdict.Metrics[0];
        Assert.Equal(GateOutcome.Inconclusive, first.Outcome);
        Assert.InRange(first.Detectable, 1.5, 100);
        Assert.Contains("the least that would be found is +", first.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_rise_that_matters_hardly_ever_passes()
    {
        foreach (var noise in new[] { 0.05, 0.3, 0.8, 2 })
        {
            var passed = Enumerable.Range(0, 500).Count(seed =>
                Of(Gate.Judge(Slots(seed, 20, noise: noise), Slots(seed + 10_000, 10, 1.3, noise)), "ttft") == GateOutcome.Pass);
            Assert.InRange(passed, 0, 12);
        }
    }

    [Fact]
    public void The_detectable_ratio_is_found_about_as_often_as_stated()
    {
        const double noise = 0.3;
        var stated = Quantile(Enumerable.Range(0, 100).Select(seed => Gate.Judge(Slots(seed, 20, noise: noise), Slots(seed + 500, 10, noise: noise)).Metrics[0].Detectable));
        var found = Enumerable.Range(0, 500).Count(seed =>
            Of(Gate.Judge(Slots(seed, 20, noise: noise), Slots(seed + 10_000, 10, stated, noise)), "ttft") == GateOutcome.Fail);
        Assert.InRange(found / 500.0, 0.75, 0.99);

        static double Quantile(IEnumerable<double> values) => values.Order().ElementAt(50);
    }

    [Theory]
    [InlineData(19, 10)]
    [InlineData(20, 9)]
    [InlineData(0, 10)]
    public void Too_few_slots_are_inconclusive(int baseline, int current)
    {
        var verdict = Gate.Judge(Slots(1, baseline) with { Calls = 200 }, Slots(2, current));
        Assert.Equal(GateOutcome.Inconclusive, Of(verdict, "ttft"));
        Assert.NotEqual(GateOutcome.Pass, verdict.Outcome);
    }

    [Fact]
    public void Errors_fail_by_Fishers_test()
    {
        var baseline = Slots(1, 20, failures: 1);
        Assert.Equal(GateOutcome.Fail, Of(Gate.Judge(baseline, Slots(2, 10, failures: 12)), RegressionGate.Errors));
        Assert.Equal(GateOutcome.Pass, Of(Gate.Judge(baseline, Slots(2, 10, failures: 1)), RegressionGate.Errors));
        Assert.Equal(GateOutcome.Inconclusive, Of(Gate.Judge(baseline with { Calls = 20 }, Slots(2, 10) with { Calls = 10 }), RegressionGate.Errors));
    }

    [Fact]
    public void Only_a_failure_that_a_second_run_shows_too_remains()
    {
        var baseline = Slots(1, 20);
        var first = Gate.Judge(baseline, Slots(2, 10, 1.3));
        var confirmed = Gate.Confirm(first, baseline, Slots(3, 10, 1.3));
        Assert.Equal(GateOutcome.Fail, confirmed.Outcome);
        var refuted = Gate.Confirm(first, baseline, Slots(3, 10));
        Assert.Equal(GateOutcome.Inconclusive, refuted.Outcome);
        Assert.Contains("does not confirm", refuted.Metrics[0].Reason, StringComparison.Ordinal);
        Assert.Equal(GateOutcome.Pass, Of(refuted, "tpot"));
    }

    [Fact]
    public void JUnit_counts_what_failed_and_what_is_inconclusive()
    {
        var verdict = Hostile();
        using var output = new MemoryStream();
        JUnitReport.Write(output, [verdict]);
        var xml = XDocument.Parse(Encoding.UTF8.GetString(output.ToArray()));
        var suite = xml.Root!.Element("testsuite")!;
        Assert.Equal(("3", "1", "1"), (suite.Attribute("tests")!.Value, suite.Attribute("failures")!.Value, suite.Attribute("skipped")!.Value));
        Assert.Equal("a<b>&\"c", suite.Attribute("name")!.Value);
        Assert.Equal("worse: 50 %,\nby far", xml.Descendants("failure").Single().Value.ReplaceLineEndings("\n"));
    }

    [Fact]
    public void Annotations_can_not_be_broken_out_of()
    {
        Assert.Equal(
            ["::error title=a<b>&\"c\u0001 ttft::worse: 50 %25,%0Aby far", "::warning title=a<b>&\"c\u0001 tpot::unclear"],
            CiAnnotations.GitHub([Hostile()]));
        Assert.Equal(
            ["##vso[task.logissue type=error]a<b>&\"c\u0001 ttft: worse: 50 %AZP25,%0Aby far", "##vso[task.logissue type=warning]a<b>&\"c\u0001 tpot: unclear"],
            CiAnnotations.AzurePipelines([Hostile()]));
    }

    [Fact]
    public void A_baseline_comes_back_from_its_file_and_refuses_another_load()
    {
        var load = new EndpointLoad { Calls = 40, Slots = 20 };
        var samples = Enumerable.Range(0, 40).Select(index => new CallSample
        {
            Target = "cloud/m",
            Phase = CallPhase.Measured,
            Index = index,
            Slot = index / 2,
            FirstDelta = 0.1 + (index * 0.001),
            EndToEnd = 1,
            Usage = new(1, 11),
            Error = index == 7 ? CallError.Server : null,
        }).ToArray();
        var made = BaselineFile.Of(load, TargetSummary.Of(["cloud/m"], samples, ServiceObjective.None, load.PlannedDuration), samples);
        var path = Path.GetTempFileName();
        try
        {
            File.WriteAllText(path, made.Write());
            var read = BaselineFile.Read(path);
            Assert.Equal(made.Write(), read.Write());
            var slots = read.Require(load with { Calls = 20, Slots = 10 }, "CLOUD/M");
            Assert.Equal((40, 1, 20), (slots.Calls, slots.Failures, slots.Metrics[0].Medians.Count));
            Assert.Equal(0.1005, slots.Metrics[0].Medians[0], 1e-9);
            Assert.Equal(ErrorCodes.BenchmarkBaselineInvalid, Assert.Throws<AgentOpsException>(() => read.Require(load with { MaxOutputTokens = 9 }, "cloud/m")).Code);
            Assert.Equal(ErrorCodes.BenchmarkBaselineInvalid, Assert.Throws<AgentOpsException>(() => read.Require(load, "other/m")).Code);
            foreach (var wrong in new[] { "", "{}", "[]", "{\"kind\":\"agentops-endpoint-baseline\"}", made.Write()[..200] })
            {
                File.WriteAllText(path, wrong);
                Assert.Equal(ErrorCodes.BenchmarkBaselineInvalid, Assert.Throws<AgentOpsException>(() => BaselineFile.Read(path)).Code);
            }
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static TargetVerdict Hostile() => new("a<b>&\"c\u0001",
    [
        new MetricVerdict("ttft", GateOutcome.Fail, 1, 1.5, 0.001, 1.2, "worse: 50 %,\nby far"),
        new MetricVerdict("tpot", GateOutcome.Inconclusive, 1, 1, 0.5, 2, "unclear"),
        new MetricVerdict("errors", GateOutcome.Pass, 0, 0, 1, 0.05, "fine"),
    ]);
}
