using AgentOps.Simulation.Serving;

namespace AgentOps.Simulation.Tests.Results;

public class TimeSeriesTests
{
    [Theory]
    [InlineData(1.0)]
    [InlineData(3.0)]
    [InlineData(0.05)]
    public void The_rates_add_up_to_the_tokens_of_the_answers(double seconds)
    {
        var every = TimeSpan.FromSeconds(seconds);
        var load = Given.Load(200, 10);
        var outcome = Simulator.RunDetailed(Given.Scenario(load) with { SampleEvery = every });
        var series = outcome.Summarize().TimeSeries!;

        // Counted by hand: tokens of each answer that came before the series' end.
        var end = series.Count * every.Ticks * 100_000;
        double expected = 0;
        for (var i = 0; i < load.Count; i++)
        {
            if (outcome.FirstTokens[i] < end)
            {
                var length = outcome.Finished[i] - outcome.FirstTokens[i];
                expected += 1 + (length == 0 ? 0 : (load.OutputTokens[i] - 1) * Math.Min(1, (end - outcome.FirstTokens[i]) / (double)length));
            }
        }

        Assert.Equal(expected, series.Sum(point => point.OutputTokensPerSecond) * seconds, 1e-6 * expected);
    }

    [Fact]
    public void A_series_is_the_same_however_it_was_simulated()
    {
        var load = Given.Load(100, 10);
        var jumped = Series(new SchedulerOptions());
        var stepped = Series(new SchedulerOptions { ExactStepping = true });
        Assert.Equal(stepped.Select(point => point.OutputTokensPerSecond), jumped.Select(point => point.OutputTokensPerSecond));

        IReadOnlyList<TimeSeriesPoint> Series(SchedulerOptions scheduler) =>
            Simulator.Run(Given.Scenario(load, scheduler) with { SampleEvery = TimeSpan.FromSeconds(1) }).TimeSeries!;
    }

    [Fact]
    public void Without_an_interval_there_is_no_series() => Assert.Null(Simulator.Run(Given.Scenario(Given.Load())).TimeSeries);
}
