using AgentOps.Simulation.Results;
using AgentOps.Simulation.Serving;
using AgentOps.Simulation.Workloads;
using FsCheck;
using FsCheck.Fluent;

namespace AgentOps.Simulation.Tests.Serving;

public class ConservationTests
{
    [Fact]
    public void Every_request_ends_once_and_every_block_comes_back()
    {
        var cases =
            from seed in Gen.Choose(1, 1_000_000)
            from blocks in Gen.Elements(120, 300, 3000)
            from repeats in Gen.Elements(true, false)
            from turns in Gen.Choose(1, 3)
            from speculative in Gen.Elements(0, 3)
            select (Seed: seed, Blocks: blocks, Repeats: repeats, Turns: turns, Speculative: speculative);
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(100), Prop.ForAll(cases.ToArbitrary(), given =>
        {
            var load = WorkloadGenerator.Generate(new WorkloadOptions
            {
                Stages = [new LoadStage(TimeSpan.Zero, 10)],
                Requests = 50,
                Output = new LengthDistribution { Kind = LengthKind.Lognormal, Mean = 60, Deviation = 60, Maximum = 500 },
                Prefixes = new SharedPrefixes(3, 4, 64, 200, given.Turns, given.Repeats),
                Seed = (ulong)given.Seed,
            });
            var outcome = Simulator.RunDetailed(Given.Scenario(load, new SchedulerOptions
            {
                KeyValueBlocks = given.Blocks,
                SpeculativeTokens = given.Speculative,
                AcceptanceRate = 0.7,
            }));
            var result = outcome.Summarize();
            Assert.Equal(0, outcome.BlocksHeld);
            Assert.True(result.Completed + result.Refused <= load.Count);
            for (var i = 0; i < load.Count; i++)
            {
                if (outcome.Finished[i] > 0)
                {
                    Assert.True(outcome.Arrivals[i] < outcome.FirstTokens[i]);
                    Assert.True(outcome.FirstTokens[i] <= outcome.Finished[i]);
                    Assert.Equal(load.OutputTokens[i] == 1, outcome.FirstTokens[i] == outcome.Finished[i]);
                }
            }

            return result.Completed + result.Refused == load.Count;
        }));
    }

    [Fact]
    public void The_same_seed_gives_the_same_result()
    {
        Assert.Equal(Run(7), Run(7));
        Assert.NotEqual(Run(7), Run(8));

        static SimulationResult Run(ulong seed) => Simulator.Run(Given.Scenario(Given.Load(seed: seed)));
    }

    [Fact]
    public void A_full_cache_preempts_and_still_answers_everything()
    {
        var result = Simulator.Run(Given.Scenario(Given.Load(200, 50, 200, 200), new SchedulerOptions { KeyValueBlocks = 80 }));
        Assert.True(result.Preemptions > 0);
        Assert.Equal(200, result.Completed);
    }

    [Fact]
    public void Repeated_prompts_hit_the_cache()
    {
        var load = WorkloadGenerator.Generate(new WorkloadOptions
        {
            Stages = [new LoadStage(TimeSpan.FromSeconds(100), 10)],
            Prefixes = new SharedPrefixes(10, 10, 100, 500, RepeatsQuestions: true),
        });
        var cached = Simulator.Run(Given.Scenario(load));
        var uncached = Simulator.Run(Given.Scenario(load, new SchedulerOptions { PrefixCaching = false }));
        Assert.InRange(cached.PrefixHitRate, 0.85, 0.999);
        Assert.Equal(0, uncached.PrefixHitRate);
        Assert.True(cached.TimeToFirstToken.Mean < uncached.TimeToFirstToken.Mean);
    }

    [Fact]
    public void Cancellation_stops_a_long_run()
    {
        using var source = new CancellationTokenSource();
        source.Cancel();
        Assert.Throws<OperationCanceledException>(() => Simulator.Run(Given.Scenario(Given.Load(100_000)), null, source.Token));
    }
}
