using AgentOps.Engine.Errors;
using AgentOps.Engine.Providers;
using AgentOps.Engine.Providers.Simulated;
using AgentOps.Engine.Routing;
using static AgentOps.Engine.Tests.Providers.ProviderTesting;

namespace AgentOps.Engine.Tests.Routing;

public class RouterTests
{
    private static readonly RouterOptions Quick = new() { FirstWait = TimeSpan.FromMilliseconds(1) };

    [Fact]
    public async Task The_first_target_answers_and_its_cost_is_exact()
    {
        var router = Router(("a", """[{"say":"hi","usage":{"input":1000,"output":10,"cached":400}}]"""));
        var events = await RunAsync(router, Route("a", "b") with
        {
            Targets = [new RouteTarget("a", "m") { Price = new ModelPrice(3m, 15m) { CachedInput = 0.3m } }],
        });
        var end = Assert.IsType<RouteCompleted>(events[^1]);
        Assert.Equal(((600 * 3m) + (400 * 0.3m) + (10 * 15m)) / 1_000_000m, end.Cost);
        Assert.Equal(("USD", 1), (end.Currency, end.Attempts.Count));
        Assert.Equal("hi", TextOf(events.OfType<ModelOutput>().Select(output => output.Event)));
        Assert.IsType<RouteChosen>(events[0]);
    }

    [Theory]
    [InlineData("overloaded", 3)]
    [InlineData("quota", 1)]
    [InlineData("authentication", 1)]
    [InlineData("context-length", 1)]
    public async Task A_fault_before_the_answer_falls_back(string fault, int tries)
    {
        var router = Router(("a", Failing(fault)), ("b", """[{"say":"from b"}]"""));
        var events = await RunAsync(router, Route("a", "b"));
        var end = Assert.IsType<RouteCompleted>(events[^1]);
        Assert.Equal(("b", tries + 1), (end.Target.Provider, end.Attempts.Count));
        Assert.Equal(tries, events.OfType<AttemptFailed>().Count());
    }

    [Fact]
    public async Task A_request_that_is_wrong_in_itself_is_not_tried_elsewhere()
    {
        var router = Router(("a", Failing("invalid-request")), ("b", """[{"say":"from b"}]"""));
        var exception = await Assert.ThrowsAsync<AgentOpsException>(() => RunAsync(router, Route("a", "b")));
        Assert.Equal(ErrorCodes.ProviderRequestRefused, exception.Code);
    }

    [Fact]
    public async Task Nothing_is_repeated_after_the_answer_began()
    {
        var router = Router(("a", """[{"say":"one two three","fault":{"kind":"torn-stream","after":2}}]"""), ("b", """[{"say":"from b"}]"""));
        var events = new List<RoutedEvent>();
        var exception = await Assert.ThrowsAsync<AgentOpsException>(async () =>
        {
            await foreach (var item in router.InvokeAsync(new RouteRequest(Route("a", "b"), Ask("x")), default))
            {
                events.Add(item);
            }
        });
        Assert.Equal(ErrorCodes.AnswerInterrupted, exception.Code);
        var attempt = Assert.IsType<AttemptFailed>(events[^1]).Attempt;
        Assert.True(attempt.Usage is { IsEstimated: true, OutputTokens: 2 });
    }

    [Fact]
    public async Task All_failed_is_one_error_that_names_each_attempt()
    {
        var router = Router(("a", Failing("quota")), ("b", Failing("server-error")));
        var exception = await Assert.ThrowsAsync<AgentOpsException>(() => RunAsync(router, Route("a", "b")));
        Assert.Equal(ErrorCodes.ProviderFailed, exception.Code);
        Assert.Contains("a/m (try 1): HTTP 429: A scripted end of credit.", exception.Message, StringComparison.Ordinal);
        Assert.Contains("b/m (try 4): HTTP 500", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cancelled_call_is_billed_from_an_estimate()
    {
        var router = Router(("a", """[{"say":"one two three four"}]"""));
        var route = Route("a") with { Targets = [new RouteTarget("a", "m") { Price = new ModelPrice(10, 10) }] };
        using var cancel = new CancellationTokenSource();
        RoutedEvent? last = null;
        await foreach (var item in router.InvokeAsync(new RouteRequest(route, Ask("x")), cancel.Token))
        {
            last = item;
            if (item is ModelOutput)
            {
                await cancel.CancelAsync();
            }
        }

        // The simulated model looks at the token only where it waits, so it may have gone on; a real one stops.
        var end = Assert.IsType<RouteCompleted>(last);
        Assert.True(end.Cost > 0);
    }

    [Fact]
    public void Secret_data_never_goes_above_a_clearance()
    {
        var router = Router(("a", "[]"), ("b", "[]"));
        var route = Route("a", "b") with
        {
            Targets = [new RouteTarget("a", "m") { Clearance = "internal" }, new RouteTarget("b", "m"), new RouteTarget("c", "m")],
        };
        Assert.Equal("b", Resolve("secret").Selected!.Provider);
        Assert.Equal("a", Resolve(null).Selected!.Provider);
        var unknown = Resolve("eyes-only");
        Assert.Null(unknown.Selected);
        Assert.Equal([RejectionKind.DataClass, RejectionKind.DataClass, RejectionKind.ProviderUnknown],
            unknown.Candidates.Select(candidate => candidate.Rejection));

        RouteDecision Resolve(string? dataClass) => router.Resolve(new RouteRequest(route, Ask("x") with { DataClass = dataClass }));
    }

    [Fact]
    public async Task No_eligible_target_is_an_error_with_each_reason()
    {
        var router = Router(("a", "[]"));
        var route = Route("a", "nobody") with { Regions = ["eu"] };
        var exception = await Assert.ThrowsAsync<AgentOpsException>(() => RunAsync(router, route));
        Assert.Equal(ErrorCodes.NoEligibleTarget, exception.Code);
        Assert.Contains("a/m: Its region is unknown", exception.Message, StringComparison.Ordinal);
        Assert.Contains("nobody/m: The provider 'nobody' is not registered", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_route_survives_the_round_trip()
    {
        const string Json = """{"name":"r","targets":[{"provider":"a","model":"m","region":"eu","price":{"input":"0.25","output":"2","cachedInput":"0.025"},"clearance":"secret","contextTokens":1000,"quality":"0.9","latencyMs":300,"weight":"2"}],"objective":"cheapest-capable","minimumQuality":"0.8","regions":["eu"],"maximumLatencyMs":500}""";
        Assert.Equal(Json, RouteDefinition.FromJson(ProvidersJson(Json)).ToJson().ToJsonString());

        static System.Text.Json.JsonElement ProvidersJson(string text) => AgentOps.Engine.Tests.Providers.ProviderTesting.ParseJson(text);
    }

    private static string Failing(string fault) => $$$"""[{"say":"never","fault":{"kind":"{{{fault}}}","times":-1}}]""";

    private static RouteDefinition Route(params string[] providers) =>
        new() { Name = "r", Targets = [.. providers.Select(provider => new RouteTarget(provider, "m"))] };

    private static Router Router(params (string Name, string Scenario)[] providers)
    {
        var set = new ProviderSet(new ProviderFactory());
        foreach (var (name, scenario) in providers)
        {
            set.Register(
                new ProviderDefinition { Name = name, Kind = ProviderKinds.Simulated },
                new SimulatedProvider(name, Scenario.FromJson(ParseJson(scenario)), TimeProvider.System));
        }

        return new Router(set, Quick);
    }

    private static async Task<List<RoutedEvent>> RunAsync(Router router, RouteDefinition route)
    {
        var events = new List<RoutedEvent>();
        await foreach (var item in router.InvokeAsync(new RouteRequest(route, Ask("x")), default))
        {
            events.Add(item);
        }

        return events;
    }
}
