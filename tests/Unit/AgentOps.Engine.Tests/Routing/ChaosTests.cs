using AgentOps.Engine.Errors;
using AgentOps.Engine.Providers;
using AgentOps.Engine.Providers.Simulated;
using AgentOps.Engine.Routing;
using AgentOps.Engine.Tests.Telemetry;
using static AgentOps.Engine.Tests.Providers.ProviderTesting;

namespace AgentOps.Engine.Tests.Routing;

// Alone: memory is the whole process's.
[Collection(nameof(AloneCollection))]
public class ChaosTests
{
    private const string Scenario = """
        {"steps":[{"say":"one two three","repeat":true,"usage":{"input":10,"output":3}}],"faultRate":0.2,"seed":11,"faults":[
          {"kind":"rate-limit","retryAfterMs":0},"quota","overloaded","server-error","authentication","invalid-request",
          "content-filter","context-length",{"kind":"torn-stream","after":0},{"kind":"torn-stream","after":2},
          {"kind":"stream-error","after":1},{"kind":"stall","after":1}]}
        """;

    /// <summary>10,000 calls of which a fifth fail, in every way: each ends in one answer or one clear error, charged once.</summary>
    [Fact]
    public async Task Every_call_ends_in_an_answer_or_one_clear_error()
    {
        const int Calls = 10_000;
        var providers = new ProviderSet(new ProviderFactory());
        var timeouts = new ProviderTimeouts(TimeSpan.FromSeconds(1), TimeSpan.FromMilliseconds(1), TimeSpan.FromSeconds(5));
        foreach (var name in new[] { "a", "b", "c" })
        {
            providers.Register(
                new ProviderDefinition { Name = name, Kind = ProviderKinds.Simulated },
                new SimulatedProvider(name, Engine.Providers.Simulated.Scenario.FromJson(ParseJson(Scenario)), TimeProvider.System, timeouts));
        }

        var options = new RouterOptions
        {
            FirstWait = TimeSpan.Zero,
            FirstCoolDown = TimeSpan.FromMicroseconds(100),
            LongestCoolDown = TimeSpan.FromMicroseconds(200),
            QuotaCoolDown = TimeSpan.FromMicroseconds(100),
        };
        var router = new Router(providers, options);
        var price = new ModelPrice(1_000_000, 1_000_000);
        var route = new RouteDefinition { Name = "r", Targets = [.. providers.All.Select(provider => new RouteTarget(provider.Definition.Name, "m") { Price = price })] };
        int answers = 0, errors = 0, wrong = 0, opened = 0;
        var memory = 0L;
        await Parallel.ForAsync(0, Calls, new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (call, ct) =>
        {
            if (call == Calls / 10)
            {
                Interlocked.Exchange(ref memory, GC.GetTotalMemory(forceFullCollection: true));
            }

            var text = "";
            var failedAfterText = false;
            RouteCompleted? end = null;
            try
            {
                await foreach (var item in router.InvokeAsync(new RouteRequest(route, Ask("x")), ct))
                {
                    switch (item)
                    {
                        case RouteChosen chosen when chosen.Decision.Candidates.Any(candidate => candidate.Rejection is RejectionKind.CircuitOpen or RejectionKind.Credit):
                            Interlocked.Increment(ref opened);
                            break;
                        case AttemptFailed when text.Length > 0:
                            failedAfterText = true;
                            break;
                        case ModelOutput { Event: TextDelta delta }:
                            text += delta.Text;
                            wrong += failedAfterText ? 1 : 0;
                            break;
                        case RouteCompleted completed:
                            end = completed;
                            break;
                    }
                }

                // The answer whole, its price once: thirteen tokens at a dollar, and nothing for what was refused before it began.
                var right = text == "one two three" && end is { Cost: 13 } && end.Attempts.Count(attempt => attempt.Cost > 0) == 1;
                Interlocked.Increment(ref right ? ref answers : ref wrong);
            }
            catch (AgentOpsException exception)
            {
                Interlocked.Increment(ref exception.Code.Id.Length > 0 && exception.Message.Length > 0 ? ref errors : ref wrong);
            }
        });

        // Flat: nine thousand calls more leave nothing behind but noise.
        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - memory, long.MinValue, 8 * 1024 * 1024);
        Assert.Equal(0, wrong);
        Assert.Equal(Calls, answers + errors);
        Assert.InRange(answers, Calls / 2, Calls);
        Assert.True(errors > 0 && opened > 0);
        var last = new List<string>();
        for (var attempt = 0; attempt < 50; attempt++)
        {
            await Task.Delay(5);
            last.Add(router.Resolve(new RouteRequest(route, Ask("x"))).Selected?.Provider ?? "");
        }

        Assert.Equal("a", last[^1]);
    }
}
