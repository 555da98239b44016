using System.Text.Json;
using System.Text.Json.Nodes;
using AgentOps.Engine.Catalog;
using AgentOps.Engine.Errors;
using AgentOps.Engine.Providers;
using AgentOps.Engine.Providers.Simulated;
using AgentOps.Engine.Tests.Routing;
using AgentOps.Simulation;
using AgentOps.Simulation.Models;
using AgentOps.Simulation.Serving;
using AgentOps.Simulation.Workloads;
using Script = AgentOps.Engine.Providers.Simulated.Scenario;

namespace AgentOps.Engine.Tests.Providers;

/// <summary>Simulated answers that are paced by the simulation, in virtual time: what a client sees is what the simulator predicts.</summary>
public class SimulatedEngineTests
{
    private const long Tick = 100_000;

    private static readonly ServingOptions Served = new() { Model = "llama-3.1-8b", Accelerator = "h100" };

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData(1, 30)]
    [InlineData(3, 400)]
    public async Task Clients_see_the_times_that_the_simulator_predicts(int seed, double rate)
    {
        var load = Load(120, seed, rate);
        var predicted = Predict(load);
        var time = new ManualTime();
        using var engine = new SimulatedEngine("sim", Served, time);
        var provider = new SimulatedProvider("sim", TheScript(), time, engine: engine);
        var start = time.GetUtcNow();
        var seen = new Seen(load.Count);
        var clients = new List<Task>();
        var expected = 0;
        while (clients.Count < load.Count || expected < 2 * load.Count)
        {
            var arrival = clients.Count < load.Count ? start + TimeSpan.FromTicks(load.Arrivals[clients.Count] / Tick) : DateTimeOffset.MaxValue;
            var due = time.NextDue ?? DateTimeOffset.MaxValue;
            time.Advance((arrival < due ? arrival : due) - time.GetUtcNow());
            while (clients.Count < load.Count && start + TimeSpan.FromTicks(load.Arrivals[clients.Count] / Tick) == time.GetUtcNow())
            {
                clients.Add(AskAsync(provider, clients.Count, load, time, seen));
            }

            // Nobody moves the clock before those have answered who should have by now.
            expected = predicted.Count(at => start + at <= time.GetUtcNow());
            await seen.Reached(expected).WaitAsync(Patience);
        }

        await Task.WhenAll(clients).WaitAsync(Patience);
        Assert.Equal(predicted, seen.First.Concat(seen.Last).Select(at => at - start));
    }

    [Fact]
    public async Task Answers_become_slower_as_more_are_in_flight()
    {
        var alone = await LastAsync(1);
        Assert.InRange(alone, TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(5));
        Assert.True(await LastAsync(64) > alone * 1.1, "64 at once are no slower than one");
    }

    [Fact]
    public async Task A_client_that_leaves_makes_room()
    {
        var time = new ManualTime();
        using var engine = new SimulatedEngine("sim", Served with { MaximumSequences = 1 }, time);
        using var stop = new CancellationTokenSource();
        var provider = new SimulatedProvider("sim", TheScript(), time, engine: engine);
        var leaves = provider.StreamAsync(Ask(1), stop.Token).GetAsyncEnumerator(stop.Token);
        var waits = leaves.MoveNextAsync().AsTask();
        using var next = engine.Submit(10, 1);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waits.WaitAsync(Patience));
        var answered = next.EmittedAsync(1, default);
        while (time.NextDue is { } due && !answered.IsCompleted)
        {
            time.Advance(due - time.GetUtcNow());
        }

        await answered.WaitAsync(Patience);
        Assert.True(time.GetUtcNow() - new ManualTime().GetUtcNow() < TimeSpan.FromMilliseconds(200));
    }

    [Fact]
    public void What_is_too_long_is_refused_as_a_provider_refuses_it()
    {
        using var engine = new SimulatedEngine("sim", Served, new ManualTime());
        var refused = Assert.Throws<ProviderFaultException>(() => engine.Submit(engine.LargestRequest, 1));
        Assert.Equal((FaultKind.ContextTooLong, "sim"), (refused.Fault.Kind, refused.Fault.Provider));
    }

    [Theory]
    [InlineData("""{"model":"llama-3.1-8b"}""", "no 'accelerator'")]
    [InlineData("""{"model":"llama-3.1-8b","accelerator":"h100","speed":2}""", "unknown key 'speed'")]
    [InlineData("""{"model":"llama-3.1-8b","accelerator":"h100","precision":"fp3"}""", "'fp3' is unknown")]
    [InlineData("""{"model":"llama-3.1-8b","accelerator":"h100","maxNumSeqs":0}""", "'maxNumSeqs'")]
    [InlineData("""{"model":"lama-3.1-8b","accelerator":"h100"}""", "llama-3.1-8b")]
    [InlineData("""{"model":"llama-3.1-405b","accelerator":"l40s","tensorParallel":1}""", "does not fit")]
    public void A_wrong_setting_says_what_is_wrong(string serving, string expected)
    {
        using var factory = new ProviderFactory();
        var definition = new ProviderDefinition
        {
            Name = "sim",
            Kind = ProviderKinds.Simulated,
            Options = new JsonObject { ["serving"] = JsonNode.Parse(serving) },
        };
        Assert.Contains(expected, Assert.Throws<AgentOpsException>(() => factory.Create(definition)).Message, StringComparison.Ordinal);
    }

    private static async Task<TimeSpan> LastAsync(int clients)
    {
        var time = new ManualTime();
        using var engine = new SimulatedEngine("sim", Served, time);
        var tickets = Enumerable.Range(0, clients).Select(_ => engine.Submit(500, 100)).ToArray();
        var all = Task.WhenAll(tickets.Select(ticket => ticket.EmittedAsync(100, default)));
        var start = time.GetUtcNow();
        var end = start;
        while (time.NextDue is { } due)
        {
            end = due;
            time.Advance(due - time.GetUtcNow());
        }

        await all.WaitAsync(Patience);
        return end - start;
    }

    // Answers of 1 to 5 words, each with its own numbers of tokens.
    private static Script TheScript() => Script.FromJson(JsonDocument.Parse("""
        {"steps":[
          {"when":{"contains":"ask 0"},"say":"one","repeat":true,"usage":{"input":40,"output":1}},
          {"when":{"contains":"ask 1"},"say":"one two three","repeat":true,"usage":{"input":900,"output":60}},
          {"when":{"contains":"ask 2"},"say":"one two","repeat":true,"usage":{"input":12000,"output":25}},
          {"when":{"contains":"ask 3"},"say":"one two three four five","repeat":true,"usage":{"input":200,"output":3}}
        ]}
        """).RootElement);

    private static RequestSet Load(int count, int seed, double rate)
    {
        var random = new Random(seed);
        var arrivals = new long[count];
        var at = 0.0;
        for (var request = 0; request < count; request++)
        {
            at += -Math.Log(1 - random.NextDouble()) / rate;
            arrivals[request] = (long)(at * TimeSpan.TicksPerSecond) * Tick;
        }

        int[] prompts = [40, 900, 12000, 200];
        int[] outputs = [1, 60, 25, 3];
        return new RequestSet(
            arrivals, [.. Enumerable.Range(0, count).Select(request => prompts[request % 4])], [.. Enumerable.Range(0, count).Select(request => outputs[request % 4])]);
    }

    // From the start, as a clock of whole ticks shows it: all first tokens, then all ends.
    private static TimeSpan[] Predict(RequestSet load)
    {
        var scenario = new Simulation.Scenario
        {
            Deployment = new Deployment { Model = ModelCatalog.Load().Find(Served.Model), Accelerator = AcceleratorCatalog.Load().Find(Served.Accelerator) },
            Requests = load,
            Scheduler = new SchedulerOptions { PrefixCaching = false },
            Coefficients = LatencyCatalog.Load(),
        };
        var outcome = Simulator.RunDetailed(scenario);
        return [.. outcome.FirstTokens.ToArray().Select(Rounded), .. outcome.Finished.ToArray().Select(Rounded)];
    }

    private static TimeSpan Rounded(long picoseconds) => TimeSpan.FromTicks((picoseconds + Tick - 1) / Tick);

    private static ModelRequest Ask(int number) => new() { Model = "m", Messages = [Message.Text(MessageRole.User, $"ask {number % 4}")] };

    private static async Task AskAsync(SimulatedProvider provider, int number, RequestSet load, ManualTime time, Seen seen)
    {
        var first = true;
        await foreach (var modelEvent in provider.StreamAsync(Ask(number), default))
        {
            if (first)
            {
                first = false;
                seen.Tell(seen.First, number, time.GetUtcNow());
            }

            if (modelEvent is ModelCompleted completed)
            {
                Assert.Equal(load.OutputTokens[number], completed.Usage.OutputTokens);
                seen.Tell(seen.Last, number, time.GetUtcNow());
            }
        }
    }

    private sealed class Seen(int clients)
    {
        private readonly Lock _gate = new();
        private readonly List<(int Count, TaskCompletionSource Source)> _waiting = [];
        private int _count;

        public DateTimeOffset[] First { get; } = new DateTimeOffset[clients];

        public DateTimeOffset[] Last { get; } = new DateTimeOffset[clients];

        public void Tell(DateTimeOffset[] times, int client, DateTimeOffset at)
        {
            lock (_gate)
            {
                times[client] = at;
                _count++;
                foreach (var (_, source) in _waiting.Where(waiting => waiting.Count <= _count))
                {
                    source.TrySetResult();
                }
            }
        }

        public Task Reached(int count)
        {
            lock (_gate)
            {
                var source = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                _waiting.Add((count, source));
                if (_count >= count)
                {
                    source.TrySetResult();
                }

                return source.Task;
            }
        }
    }
}
