using AgentOps.Simulation.Numerics;
using AgentOps.Simulation.Workloads;

namespace AgentOps.Simulation.Tests.Numerics;

public class PortableMathTests
{
    [Fact]
    public void Log_and_exp_are_as_good_as_the_platform_s()
    {
        var random = new RandomStream(3, 1);
        for (var i = 0; i < 20_000; i++)
        {
            var value = PortableMath.Exp(60 * (random.NextUniform() - 0.5));
            Assert.InRange(Math.Abs(Math.Log(value) - PortableMath.Log(value)), 0, 1e-14 * (1 + Math.Abs(Math.Log(value))));
            var power = 100 * (random.NextUniform() - 0.5);
            Assert.InRange(PortableMath.Exp(power) / Math.Exp(power), 1 - 1e-13, 1 + 1e-13);
        }
    }

    [Fact]
    public void Streams_are_the_same_everywhere()
    {
        // Recorded once; a change here changes every simulation.
        var random = new RandomStream(42, 1);
        Assert.Equal(0.0007363777060538923, random.NextUniform());
        Assert.NotEqual(new RandomStream(42, 2).NextUniform(), new RandomStream(42, 1).NextUniform());
    }

    [Theory]
    [InlineData(LengthKind.Normal)]
    [InlineData(LengthKind.Lognormal)]
    [InlineData(LengthKind.Uniform)]
    public void Lengths_have_the_mean_they_are_given(LengthKind kind)
    {
        var length = new LengthDistribution { Kind = kind, Mean = 500, Deviation = 100 };
        var random = new RandomStream(1, 1);
        Assert.InRange(Enumerable.Range(0, 20_000).Average(_ => length.Draw(random)), 495, 505);
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(2)]
    public void Gamma_gaps_keep_the_rate(double burstiness)
    {
        var load = WorkloadGenerator.Generate(new WorkloadOptions { Stages = [new LoadStage(TimeSpan.Zero, 10)], Requests = 20_000, Arrivals = ArrivalProcess.Gamma, Burstiness = burstiness });
        Assert.InRange(SimulationTime.ToSeconds(load.Arrivals[^1]), 1900, 2100);
    }

    [Fact]
    public void Normalised_stages_have_exactly_their_requests()
    {
        var load = WorkloadGenerator.Generate(new WorkloadOptions
        {
            Arrivals = ArrivalProcess.NormalizedPoisson,
            Stages = [new LoadStage(TimeSpan.FromSeconds(60), 5), new LoadStage(TimeSpan.FromSeconds(60), 10)],
        });
        Assert.Equal(900, load.Count);
        Assert.Equal(300, load.Stages!.Count(stage => stage == 0));
    }
}
