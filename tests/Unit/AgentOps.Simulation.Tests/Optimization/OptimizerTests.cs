using AgentOps.Simulation.Optimization;

namespace AgentOps.Simulation.Tests.Optimization;

public class OptimizerTests
{
    private static readonly Scenario Candidate = Given.Scenario(Given.Load(600, 40, 800, 200));

    [Fact]
    public void The_best_keeps_the_promise_and_one_replica_fewer_does_not()
    {
        var objective = new ServiceObjective { PerToken = TimeSpan.FromMilliseconds(9) };
        var plan = Optimizer.Search([Candidate], objective, 16);
        Assert.NotNull(plan.Best);
        Assert.True(plan.Best.Met && plan.Best.Scenario.Replicas > 1);
        var fewer = Simulator.RunDetailed(plan.Best.Scenario with { Replicas = plan.Best.Scenario.Replicas - 1 });
        Assert.True(objective.ShareKept(fewer) < objective.Share);
        Assert.True(plan.OneMore!.ShareKept >= plan.Best.ShareKept);
    }

    [Fact]
    public void A_promise_that_nothing_keeps_names_what_binds()
    {
        var plan = Optimizer.Search([Candidate], new ServiceObjective { FirstToken = TimeSpan.FromMilliseconds(1) }, 4);
        Assert.Null(plan.Best);
        Assert.StartsWith("time to first token", plan.Options[0].Binding, StringComparison.Ordinal);
    }

    [Fact]
    public void No_point_of_the_front_is_beaten_by_another()
    {
        var dear = Candidate with { Deployment = Candidate.Deployment with { Accelerator = Given.Device with { Name = "dear", PricePerHour = 40m } } };
        var plan = Optimizer.Search([Candidate, dear], new ServiceObjective { EndToEnd = TimeSpan.FromSeconds(60) }, 4);
        Assert.Equal("device", Assert.Single(plan.ParetoFront).Scenario.Deployment.Accelerator.Name);
    }
}
