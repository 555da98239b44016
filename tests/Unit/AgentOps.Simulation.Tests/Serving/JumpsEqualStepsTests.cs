using AgentOps.Simulation.Results;
using AgentOps.Simulation.Serving;
using AgentOps.Simulation.Workloads;
using FsCheck;
using FsCheck.Fluent;

namespace AgentOps.Simulation.Tests.Serving;

/// <summary>The closed forms against the oracle that steps and counts a sequence at a time: token for token, to the picosecond.</summary>
public class JumpsEqualStepsTests
{
    [Fact]
    public void Any_open_load_on_any_scheduler()
    {
        var cases =
            from seed in Gen.Choose(1, 1_000_000)
            from rate in Gen.Elements(0.5, 3.0, 20.0, 200.0)
            from prompt in Gen.Elements(5, 90, 700, 3000)
            from output in Gen.Elements(1, 7, 80, 400)
            from blocks in Gen.Elements(450, 700, 5000)
            from sequences in Gen.Elements(1, 7, 64)
            from stepTokens in Gen.Elements(64, 300, 2048)
            from blockSize in Gen.Elements(1, 16, 33)
            from asynchronous in Gen.Elements(true, false)
            from order in Gen.Elements(QueueOrder.FirstCome, QueueOrder.ShortestJob)
            from batching in Gen.Frequency((4, Gen.Constant(BatchingKind.Continuous)), (1, Gen.Constant(BatchingKind.Static)), (1, Gen.Constant(BatchingKind.Dynamic)))
            from model in Gen.Elements(Given.Dense, Given.Mixture, Given.Windowed)
            select (Load: Given.Load(60, rate, prompt, output, (ulong)seed), Scheduler: new SchedulerOptions
            {
                KeyValueBlocks = blocks * 16 / blockSize,
                MaximumSequences = sequences,
                MaximumStepTokens = stepTokens,
                BlockSize = blockSize,
                AsynchronousScheduling = asynchronous,
                Order = order,
                Batching = batching,
                BatchSize = 8,
            }, Model: model);
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(150), Prop.ForAll(cases.ToArbitrary(), given =>
            AssertSame(Given.Scenario(given.Load, given.Scheduler, Given.Deployed(given.Model)))));
    }

    [Fact]
    public void Shared_prefixes_turns_and_closed_loops()
    {
        var cases =
            from seed in Gen.Choose(1, 1_000_000)
            from systems in Gen.Choose(1, 4)
            from users in Gen.Choose(1, 5)
            from turns in Gen.Choose(1, 4)
            from repeats in Gen.Elements(true, false)
            from blocks in Gen.Elements(200, 400, 4000)
            from host in Gen.Elements(0, 300)
            from concurrency in Gen.Elements(0, 0, 6)
            from replicas in Gen.Choose(1, 3)
            from routing in Gen.Elements(RoutingPolicy.RoundRobin, RoutingPolicy.LeastLoaded, RoutingPolicy.PrefixAware)
            let load = WorkloadGenerator.Generate(new WorkloadOptions
            {
                Stages = [new LoadStage(TimeSpan.Zero, 5)],
                Requests = 40,
                Output = new LengthDistribution { Kind = LengthKind.Uniform, Mean = 40, Deviation = 39 },
                Prefixes = new SharedPrefixes(systems, users, 100, 130, concurrency > 0 ? 1 : turns, repeats, TimeSpan.FromSeconds(1)),
                Seed = (ulong)seed,
            })
            from split in Gen.Elements(true, false)
            select Given.Scenario(load, new SchedulerOptions { KeyValueBlocks = blocks, HostBlocks = host, MaximumSequences = 16 }) with
            {
                PrefillReplicas = split && replicas > 1 ? 1 : 0,
                Autoscale = !split && concurrency == 0 ? new AutoscaleOptions(1, 2, TimeSpan.FromSeconds(1)) : null,
                Concurrency = concurrency,
                Replicas = replicas,
                Routing = routing,
            };
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(120), Prop.ForAll(cases.ToArbitrary(), AssertSame));
    }

    [Fact]
    public void A_hundred_thousand_requests()
    {
        AssertSame(Given.Scenario(Given.Load(100_000, 10, 512, 20)));
    }

    private static bool AssertSame(Scenario scenario)
    {
        var jumped = Simulator.RunDetailed(scenario);
        var stepped = Simulator.RunDetailed(scenario with { Scheduler = scenario.Scheduler with { ExactStepping = true } });
        Assert.True(jumped.FirstTokens.SequenceEqual(stepped.FirstTokens), "First tokens differ.");
        Assert.True(jumped.Finished.SequenceEqual(stepped.Finished), "Ends differ.");
        SimulationResult a = jumped.Summarize(), b = stepped.Summarize();
        Assert.Equal(b.Steps, a.Steps);
        Assert.Equal(b.Preemptions, a.Preemptions);
        Assert.Equal(b.ComputedTokens, a.ComputedTokens);
        Assert.Equal(b.PeakKeyValueUse, a.PeakKeyValueUse);
        Assert.Equal(b.PrefixHitRate, a.PrefixHitRate);
        Assert.Equal(b.HostHitRate, a.HostHitRate);
        return true;
    }
}
