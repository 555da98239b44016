using AgentOps.Simulation.Latency;
using AgentOps.Simulation.Serving;
using AgentOps.Simulation.Workloads;

namespace AgentOps.Simulation.Tests.Serving;

/// <summary>The replica that is driven from outside against the simulator, which knows the whole load beforehand.</summary>
public class OnlineReplicaTests
{
    [Theory]
    [InlineData(2, 60, null)]
    [InlineData(40, 60, null)]
    [InlineData(200, 30, null)]
    [InlineData(60, 200, 90L)]
    public void The_same_arrivals_get_the_same_times(double rate, int output, long? blocks)
    {
        foreach (var asynchronous in new[] { true, false })
        {
            var load = Given.Load(300, rate, output: output);
            var scheduler = new SchedulerOptions
            {
                KeyValueBlocks = blocks,
                PrefixCaching = false,
                AsynchronousScheduling = asynchronous,
                MaximumSequences = 32,
            };
            var expected = Simulator.RunDetailed(Given.Scenario(load, scheduler));
            var (first, finished) = Drive(load, scheduler);
            Assert.Equal(expected.FirstTokens, first);
            Assert.Equal(expected.Finished, finished);
            Assert.InRange(finished.Count(time => time > 0), 200, 300);
        }
    }

    [Fact]
    public void A_token_is_told_at_the_time_it_leaves_and_not_before()
    {
        var replica = Replica();
        var request = replica.Submit(5, 500, 20);
        replica.Advance(replica.NextEvent);
        var told = new List<long>();
        for (var count = 0; replica.NextEvent < long.MaxValue;)
        {
            replica.Advance(replica.NextEvent - 1);
            Assert.Equal(count, replica.Emitted(request));
            var at = replica.NextEvent;
            replica.Advance(at);
            for (; count < replica.Emitted(request); count++)
            {
                told.Add(at);
            }
        }

        Assert.Equal(20, told.Count);
        Assert.Equal((replica.FirstToken(request), replica.Finished(request)), (told[0], told[^1]));
        Assert.Equal(told.Order(), told);
    }

    [Fact]
    public void What_leaves_early_makes_room_and_changes_nothing_else()
    {
        // Wherever it is then: on its way, waiting, in its prompt, or decoding.
        foreach (var after in new[] { 1, 2_000_000_000L, 6_000_000_000L, 30_000_000_000L, 300_000_000_000L })
        {
            var replica = Replica(new SchedulerOptions { MaximumSequences = 2, PrefixCaching = false });
            var stays = replica.Submit(0, 20_000, 50);
            int[] leave = [replica.Submit(0, 20_000, 5000), replica.Submit(0, 300, 5000), replica.Submit(0, 300, 5000)];
            replica.Advance(after);
            foreach (var request in leave)
            {
                replica.Release(request);
            }

            replica.Advance(1_000_000_000_000_000);
            Assert.Equal((50, 1, long.MaxValue), (replica.Emitted(stays), replica.InFlight, replica.NextEvent));
            var alone = replica.Submit(2_000_000_000_000_000, 500, 20);
            replica.Advance(3_000_000_000_000_000);
            var fresh = Replica();
            var same = fresh.Submit(0, 500, 20);
            fresh.Advance(1_000_000_000_000_000);
            Assert.Equal(fresh.Finished(same), replica.Finished(alone) - 2_000_000_000_000_000);
        }
    }

    [Fact]
    public void What_can_not_run_is_refused()
    {
        var replica = Replica();
        Assert.Throws<InvalidOperationException>(() => replica.Submit(0, (int)replica.LargestRequest, 1));
        Assert.Throws<SimulationInputException>(() => Replica(new SchedulerOptions { Batching = BatchingKind.Static }));
        Assert.Throws<SimulationInputException>(() => Replica(new SchedulerOptions { MaximumSequences = 0 }));
    }

    private static OnlineReplica Replica(SchedulerOptions? scheduler = null) =>
        new(Given.Deployed(), scheduler ?? new SchedulerOptions { PrefixCaching = false }, new LatencyCoefficients());

    // Time is told at arrivals, at events, and here and there between: none of it may matter.
    private static (long[] First, long[] Finished) Drive(RequestSet load, SchedulerOptions scheduler)
    {
        var replica = Replica(scheduler);
        var numbers = new Dictionary<int, int>();
        var first = new long[load.Count];
        var finished = new long[load.Count];
        Array.Fill(finished, -1);
        for (var next = 0; next < load.Count || numbers.Count > 0;)
        {
            var at = Math.Min(replica.NextEvent, next < load.Count ? load.Arrivals[next] : long.MaxValue);
            replica.Advance(at - (at % 3));
            replica.Advance(at);
            while (next < load.Count && load.Arrivals[next] == at)
            {
                if (load.PromptTokens[next] + load.OutputTokens[next] <= replica.LargestRequest)
                {
                    numbers[next] = replica.Submit(at, load.PromptTokens[next], load.OutputTokens[next]);
                }

                next++;
            }

            foreach (var (request, number) in numbers.ToArray())
            {
                if (replica.Emitted(number) == load.OutputTokens[request])
                {
                    (first[request], finished[request]) = (replica.FirstToken(number), replica.Finished(number));
                    numbers.Remove(request);
                    replica.Release(number);
                }
            }
        }

        return (first, finished);
    }
}
