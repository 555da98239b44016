using AgentOps.Simulation.Serving;
using AgentOps.Simulation.Workloads;

namespace AgentOps.Simulation.Tests.Serving;

public class ServingFeatureTests
{
    [Fact]
    public void Beginnings_that_the_pool_loses_come_back_from_the_host()
    {
        var load = WorkloadGenerator.Generate(new WorkloadOptions
        {
            Stages = [new LoadStage(TimeSpan.FromSeconds(200), 2)],
            Prefixes = new SharedPrefixes(10, 10, 100, 1900, RepeatsQuestions: true),
            Output = LengthDistribution.Of(20),
        });
        var alone = Simulator.Run(Given.Scenario(load, new SchedulerOptions { KeyValueBlocks = 2000 }));
        var offloaded = Simulator.Run(Given.Scenario(load, new SchedulerOptions { KeyValueBlocks = 2000, HostBlocks = 30_000 }));
        Assert.Equal(0, alone.HostHitRate);
        Assert.True(offloaded.HostHitRate > 0.3);
        Assert.True(offloaded.TimeToFirstToken.Mean < alone.TimeToFirstToken.Mean);
    }

    [Fact]
    public void Speculation_speeds_answers_up_when_drafts_are_accepted_and_not_when_they_are_not()
    {
        var load = Given.Load(100, 1);
        var plain = Run(0, 0);
        Assert.True(Run(3, 0.9) < plain);
        Assert.True(Run(3, 0) > plain);

        double Run(int tokens, double accepted) => Simulator.Run(Given.Scenario(load, new SchedulerOptions { SpeculativeTokens = tokens, AcceptanceRate = accepted })).TimePerOutputToken.Mean;
    }

    [Fact]
    public void Prompts_on_replicas_of_their_own_do_not_hold_answers_up()
    {
        var load = Given.Load(400, 6, 4000, 100);
        var together = Simulator.Run(Given.Scenario(load) with { Replicas = 2, Routing = RoutingPolicy.LeastLoaded });
        var split = Simulator.Run(Given.Scenario(load) with { Replicas = 2, PrefillReplicas = 1 });
        Assert.Equal(400, split.Completed);
        Assert.True(split.TimePerOutputToken.P99 < together.TimePerOutputToken.P99);
    }

    [Fact]
    public void An_autoscaler_starts_replicas_for_a_peak_and_pays_less_than_for_all_of_them()
    {
        var load = WorkloadGenerator.Generate(new WorkloadOptions
        {
            Stages = [new LoadStage(TimeSpan.FromMinutes(5), 1), new LoadStage(TimeSpan.FromMinutes(2), 40), new LoadStage(TimeSpan.FromMinutes(5), 1)],
            Output = LengthDistribution.Of(100),
        });
        var fixedSize = Simulator.Run(Given.Scenario(load) with { Replicas = 4 });
        var scaled = Simulator.Run(Given.Scenario(load) with { Replicas = 4, Autoscale = new AutoscaleOptions(1, 16, TimeSpan.FromSeconds(30)) });
        Assert.InRange(scaled.PeakReplicas, 2, 4);
        Assert.True(scaled.ReplicaHours < 0.75 * fixedSize.ReplicaHours);
        Assert.Equal(fixedSize.Completed, scaled.Completed);
    }
}
