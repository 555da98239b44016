using AgentOps.Simulation.Calibration;
using AgentOps.Simulation.Latency;
using AgentOps.Simulation.Serving;
using AgentOps.Simulation.Workloads;

namespace AgentOps.Simulation.Tests.Calibration;

public class CoefficientFitTests
{
    [Fact]
    public void A_fit_finds_the_site_that_made_the_measurements()
    {
        var prior = new LatencyCoefficients();
        var site = prior with { WeightEfficiency = 0.85, StepMicroseconds = 2400, IngressMilliseconds = 9 };
        MeasuredRun[] runs = [Measure(site, 2), Measure(site, 8), Measure(site, 20)];
        FitParameter[] parameters = [.. FitParameter.All.Where(parameter => parameter.Name is "weight-efficiency" or "step-us" or "ingress-ms")];
        var fitted = CoefficientFit.Fit(runs, prior, parameters);
        var before = RunScore.Of(runs, [.. runs.Select(run => new RunSimulation(run, 1).Predict(prior))]);
        var after = RunScore.Of(runs, [.. runs.Select(run => new RunSimulation(run, 1).Predict(fitted))]);
        Assert.True(before.Single(score => score.Metric == Metric.EndToEndMean).Mean > 10);
        Assert.True(after.Single(score => score.Metric == Metric.EndToEndMean).Mean < 2);
        Assert.True(after.Single(score => score.Metric == Metric.FirstTokenMean).Mean < 3);
    }

    private static MeasuredRun Measure(LatencyCoefficients site, double rate)
    {
        var run = new MeasuredRun
        {
            Id = "made",
            Deployment = Given.Deployed(),
            Scheduler = new SchedulerOptions { MaximumSequences = 128, MaximumStepTokens = 2048 },
            Workload = new WorkloadOptions { Arrivals = ArrivalProcess.NormalizedPoisson, Stages = [new LoadStage(TimeSpan.FromSeconds(30), rate)] },
            Measured = new Dictionary<Metric, double>(),
        };
        return run with { Measured = new RunSimulation(run, 1).Predict(site).Whole };
    }
}
