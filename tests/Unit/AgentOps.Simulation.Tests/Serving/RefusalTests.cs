using AgentOps.Simulation.Serving;
using AgentOps.Simulation.Workloads;

namespace AgentOps.Simulation.Tests.Serving;

public class RefusalTests
{
    [Fact]
    public void A_model_that_does_not_fit_is_refused_with_what_would()
    {
        var error = Assert.Throws<SimulationInputException>(() => Simulator.Run(Given.Scenario(Given.Load(), deployment: Given.Deployed(device: Given.Device with { MemoryBytes = 16e9 }))));
        Assert.Contains("does not fit", error.Message, StringComparison.Ordinal);
        Assert.Contains("tensor parallelism of 2", error.Mend, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(0)]
    [InlineData(double.NaN)]
    public void A_rate_that_makes_no_load_is_refused(double rate)
    {
        var error = Assert.Throws<SimulationInputException>(() => Given.Load(rate: rate));
        Assert.Equal("workload.stages[0].rate", error.Target);
    }

    [Fact]
    public void A_request_that_can_never_fit_is_refused_at_the_door()
    {
        var load = new RequestSet([0, 1], [1000, 100], [10, 10]);
        var result = Simulator.Run(Given.Scenario(load, new SchedulerOptions { KeyValueBlocks = 20 }));
        Assert.Equal(1, result.Refused);
        Assert.Equal(1, result.Completed);
    }
}
