using System.Collections.Immutable;
using AgentOps.Engine.Errors;
using AgentOps.Engine.Providers;
using AgentOps.Engine.Providers.Simulated;
using AgentOps.Engine.Routing;
using static AgentOps.Engine.Tests.Providers.ProviderTesting;

namespace AgentOps.Engine.Tests.Routing;

public class RouterPolicyTests
{
    private readonly ManualTime _time = new();
    private readonly ProviderSet _providers = new(new ProviderFactory());

    [Fact]
    public void Cheapest_capable_takes_the_cheapest_that_is_good_enough()
    {
        Add("dear", "cheap", "weak", "unknown");
        var route = Route(RouteObjective.CheapestCapable,
            new RouteTarget("dear", "m") { Price = new ModelPrice(10, 10), Quality = 0.90m },
            new RouteTarget("cheap", "m") { Price = new ModelPrice(1, 1), Quality = 0.88m },
            new RouteTarget("weak", "m") { Price = new ModelPrice(0.1m, 0.1m), Quality = 0.5m },
            new RouteTarget("unknown", "m") { Price = new ModelPrice(0.1m, 0.1m) });
        Assert.Equal(["cheap", "dear", "unknown", "weak"], Order(route));
        Assert.Equal(["dear", "unknown"], Order(route with { MinimumQuality = 0.89m }));
        var rejected = Resolve(route with { MinimumQuality = 0.89m }).Candidates.Where(candidate => candidate.Rank == 0);
        Assert.All(rejected, candidate => Assert.Equal(RejectionKind.Quality, candidate.Rejection));
    }

    [Fact]
    public void What_is_known_of_the_prompts_domain_decides_where_targets_state_no_quality()
    {
        Add("a", "b");
        var quality = new DomainQuality(DomainClassifier.Load(), QualityCatalog.Empty);
        var router = new Router(_providers, quality: quality);
        var route = Route(RouteObjective.Best, new RouteTarget("a", "lawyer"), new RouteTarget("b", "coder"), new RouteTarget("b", "stated") { Quality = 0.6m });
        RouteDecision Decide(string prompt) => router.Resolve(new RouteRequest(route, Ask(prompt)));

        Assert.Equal("stated", Decide("Write a unit test in Python.").Selected!.Model);
        quality.Observe(ImmutableDictionary<string, ModelOutcomes>.Empty.Add("lawyer", Good(PromptDomain.Law, PromptDomain.Code)).Add("coder", Good(PromptDomain.Code, PromptDomain.Law)));
        var (code, law) = (Decide("Write a unit test in Python."), Decide("Is this clause of the lease void by statute?"));
        Assert.Equal(("coder", "lawyer"), (code.Selected!.Model, law.Selected!.Model));
        Assert.Equal((PromptDomain.Code, PromptDomain.Law), (code.Domains!.Most, law.Domains!.Most));
        Assert.Equal("40 of 40 sessions about law completed, 40 of 80 in all", law.Candidates[0].QualitySource);
        Assert.Equal("stated by the target", law.Candidates[1].QualitySource);
        Assert.Null(router.Resolve(new RouteRequest(route with { Objective = RouteObjective.Ordered }, Ask("x"))).Domains);

        static ModelOutcomes Good(PromptDomain at, PromptDomain not) =>
            ModelOutcomes.None.With(at, new OutcomeCount(40, 40)).With(not, new OutcomeCount(0, 40));
    }

    [Fact]
    public void Fastest_best_and_ordered_rank_as_they_say()
    {
        Add("a", "b");
        RouteTarget[] targets =
        [
            new("a", "m") { Latency = TimeSpan.FromMilliseconds(300), Quality = 0.9m },
            new("b", "m") { Latency = TimeSpan.FromMilliseconds(100), Quality = 0.8m },
        ];
        Assert.Equal(["b", "a"], Order(Route(RouteObjective.Fastest, targets)));
        Assert.Equal(["a", "b"], Order(Route(RouteObjective.Best, targets)));
        Assert.Equal(["a", "b"], Order(Route(RouteObjective.Ordered, targets)));
    }

    [Fact]
    public void Weighted_keeps_the_shares_and_a_session_its_target()
    {
        Add("a", "b");
        var route = Route(RouteObjective.Weighted, new RouteTarget("a", "m") { Weight = 3 }, new RouteTarget("b", "m"));
        var chosen = Enumerable.Range(0, 2000).Select(session => Pick(session)).ToArray();
        Assert.InRange(chosen.Count(name => name == "a"), 1400, 1600);
        Assert.Equal(chosen[7], Pick(7));

        string Pick(int session) =>
            new Router(_providers).Resolve(new RouteRequest(route, Ask("x") with { Session = $"s{session}" })).Selected!.Provider;
    }

    [Fact]
    public void Constraints_reject_with_their_reasons()
    {
        Add("a");
        var image = Ask("x") with { Messages = [new Message(MessageRole.User, [new ImagePart("image/png", new byte[1])])] };
        Assert.Equal(RejectionKind.ContextLength, First(new RouteTarget("a", "m") { ContextTokens = 100 }, Ask("x")));
        Assert.Equal(RejectionKind.Budget, First(new RouteTarget("a", "m") { Price = new ModelPrice(0, 1000) }, Ask("x"), 0.1m));
        Assert.Equal(RejectionKind.None, First(new RouteTarget("a", "m"), image));

        RejectionKind First(RouteTarget target, ModelRequest request, decimal? budget = null) =>
            Assert.Single(new Router(_providers).Resolve(new RouteRequest(Route(RouteObjective.Ordered, target), request) { Budget = budget }).Candidates).Rejection;
    }

    [Theory]
    [InlineData("claude-opus-5", 0.0, false)]
    [InlineData("claude-opus-5-20260601", 0.7, false)]
    [InlineData("claude-opus-5", 1.0, true)]
    [InlineData("claude-opus-5", null, true)]
    [InlineData("claude-sonnet-4-5", 0.0, true)]
    [InlineData("of-tomorrow", 0.0, true)]
    public void A_model_that_takes_no_temperature_is_not_asked_for_one(string model, double? temperature, bool taken)
    {
        _providers.Register(
            new ProviderDefinition { Name = "anthropic", Kind = ProviderKinds.Anthropic },
            new SimulatedProvider("anthropic", Scenario.FromJson(ParseJson("""[{"say":"ok"}]""")), _time));
        var request = Ask("x") with { Temperature = (decimal?)temperature };

        var candidate = Assert.Single(new Router(_providers, catalog: PriceCatalog.Load()).Resolve(new RouteRequest(Route(RouteObjective.Ordered, new RouteTarget("anthropic", model)), request)).Candidates);

        Assert.Equal(taken ? RejectionKind.None : RejectionKind.Capability, candidate.Rejection);
        Assert.Equal(!taken, candidate.Reason.Contains("temperature", StringComparison.Ordinal));
    }

    [Fact]
    public void A_long_prompt_costs_what_its_vendor_asks_for_it_from_its_first_token_on()
    {
        var price = PriceCatalog.Load().Find("anthropic", "claude-haiku-5-5")!.Price;
        Assert.Equal(0.0105m, CostCalculator.Cost(new Usage(100_000, 1_000), price));
        Assert.Equal(0.0525005m, CostCalculator.Cost(new Usage(100_001, 1_000), price));

        // In a batch half of both, wherever the price was kept.
        using var json = System.Text.Json.JsonDocument.Parse(price.ToJson().ToJsonString());
        Assert.Equal(price, ModelPrice.FromJson(json.RootElement));
        Assert.Equal(0.0525005m / 2, CostCalculator.Cost(new Usage(100_001, 1_000), ModelPrice.FromJson(json.RootElement)!.InBatch()));
    }

    [Fact]
    public void Expiring_credit_is_used_first_and_prepaid_accounts_end_with_theirs()
    {
        Register("credit", new CommercialTerms { Credit = 5, CreditExpires = _time.GetUtcNow().AddDays(9), PrepaidOnly = true, CreditModels = ["m*"] });
        Register("money", null);
        var route = Route(RouteObjective.CheapestCapable,
            new RouteTarget("money", "m1") { Price = new ModelPrice(1, 1), Quality = 1 },
            new RouteTarget("credit", "m1") { Price = new ModelPrice(9, 9), Quality = 1 });
        var router = new Router(_providers, timeProvider: _time);
        var first = router.Resolve(new RouteRequest(route, Ask("x"))).Candidates[0];
        Assert.Equal(("credit", ModelPrice.Free), (first.Target.Provider, first.EffectivePrice));
        Assert.Contains("expires", first.PriceNote, StringComparison.Ordinal);

        _time.Advance(TimeSpan.FromDays(10));
        var after = router.Resolve(new RouteRequest(route, Ask("x"))).Candidates;
        Assert.Equal(("money", RejectionKind.Credit), (after[0].Target.Provider, after[1].Rejection));
        Assert.Contains("expired", after[1].Reason, StringComparison.Ordinal);

        var other = Route(RouteObjective.Ordered, new RouteTarget("credit", "other"));
        Assert.Equal(RejectionKind.Credit, router.Resolve(new RouteRequest(other, Ask("x"))).Candidates[0].Rejection);
    }

    [Fact]
    public async Task Spent_credit_closes_the_account_until_it_is_reset()
    {
        Register("credit", new CommercialTerms { Credit = 0.001m, PrepaidOnly = true }, """[{"say":"x","repeat":true,"usage":{"input":1000,"output":1000}}]""");
        var route = Route(RouteObjective.Ordered, new RouteTarget("credit", "m") { Price = new ModelPrice(1, 1) });
        var router = new Router(_providers, timeProvider: _time);
        Assert.Equal(0.002m, (await InvokeAsync(router, route)).Cost);
        await Assert.ThrowsAsync<AgentOpsException>(() => InvokeAsync(router, route));
        router.Reset("credit");
        Assert.Equal(0.002m, (await InvokeAsync(router, route)).Cost);
    }

    [Fact]
    public async Task A_circuit_opens_after_failures_lets_a_probe_through_and_closes()
    {
        Register("a", null, """[{"say":"ok","repeat":true,"fault":{"kind":"server-error","times":3}}]""");
        Register("b", null, """[{"say":"b","repeat":true}]""");
        var route = Route(RouteObjective.Ordered, new RouteTarget("a", "m"), new RouteTarget("b", "m"));
        var router = new Router(_providers, new RouterOptions { TriesPerTarget = 1, FailuresToOpen = 2 }, _time);
        await InvokeAsync(router, route);
        Assert.Equal("a", router.Resolve(new RouteRequest(route, Ask("x"))).Selected!.Provider);
        await InvokeAsync(router, route);

        var open = router.Resolve(new RouteRequest(route, Ask("x"))).Candidates[1];
        Assert.Equal(("a", RejectionKind.CircuitOpen), (open.Target.Provider, open.Rejection));
        Assert.Contains("30 s", open.Reason, StringComparison.Ordinal);

        _time.Advance(TimeSpan.FromSeconds(31));
        Assert.Equal("b", (await InvokeAsync(router, route)).Target.Provider);
        Assert.Equal("b", router.Resolve(new RouteRequest(route, Ask("x"))).Selected!.Provider);
        _time.Advance(TimeSpan.FromSeconds(31));
        Assert.Equal(2, (await InvokeAsync(router, route)).Attempts.Count + 1);
        _time.Advance(TimeSpan.FromMinutes(10));
        Assert.Equal("a", (await InvokeAsync(router, route)).Target.Provider);
        Assert.Equal("a", router.Resolve(new RouteRequest(route, Ask("x"))).Selected!.Provider);
    }

    [Fact]
    public async Task An_exhausted_account_cools_down_with_all_its_models()
    {
        Register("a", null, """[{"say":"ok","repeat":true,"fault":{"kind":"quota","times":1}}]""");
        Register("b", null, """[{"say":"b","repeat":true}]""");
        var route = Route(RouteObjective.Ordered, new RouteTarget("a", "m"), new RouteTarget("b", "m"));
        var router = new Router(_providers, null, _time);
        Assert.Equal("b", (await InvokeAsync(router, route)).Target.Provider);
        var sibling = Route(RouteObjective.Ordered, new RouteTarget("a", "other"));
        Assert.Equal(RejectionKind.Credit, router.Resolve(new RouteRequest(sibling, Ask("x"))).Candidates[0].Rejection);
        router.Reset("a");
        Assert.Equal("a", (await InvokeAsync(router, route)).Target.Provider);
    }

    [Fact]
    public async Task A_late_first_token_is_hedged_and_the_loser_billed()
    {
        Register("slow", null, """{"steps":[{"say":"slow","repeat":true}],"latency":{"firstTokenMs":20000}}""", TimeProvider.System);
        Register("fast", null, """[{"say":"fast","repeat":true}]""", TimeProvider.System);
        var price = new ModelPrice(1000, 1000);
        var route = Route(RouteObjective.Ordered, new RouteTarget("slow", "m") { Price = price }, new RouteTarget("fast", "m") { Price = price });
        var router = new Router(_providers, new RouterOptions { HedgeAfter = TimeSpan.FromMilliseconds(30), HedgeBudget = 0.1 });
        var end = await InvokeAsync(router, route);
        Assert.Equal(("fast", 2), (end.Target.Provider, end.Attempts.Count));
        Assert.True(end.Attempts[0] is { Fault: null, Usage.IsEstimated: true, Cost: > 0 });
        Assert.Equal(end.Attempts.Sum(attempt => attempt.Cost), end.Cost);

        // The budget of one tenth is used up: the next call waits for the slow one, until it is cancelled.
        using var soon = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));
        Assert.Equal(StopReason.Cancelled, (await InvokeAsync(router, route, ct: soon.Token)).Completion.Reason);
    }

    [Fact]
    public async Task Identical_cold_calls_are_made_once()
    {
        var counter = new CountingProvider();
        _providers.Register(new ProviderDefinition { Name = "c", Kind = ProviderKinds.Simulated }, counter);
        var route = Route(RouteObjective.Ordered, new RouteTarget("c", "m"));
        var router = new Router(_providers, new RouterOptions { CacheEntries = 10 });
        var cold = Ask("x") with { Temperature = 0 };
        var ends = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(() => InvokeAsync(router, route, request: cold))));
        Assert.Equal(1, counter.Calls);
        Assert.Equal(19, ends.Count(end => end.FromCache));
        await InvokeAsync(router, route, request: cold with { DataClass = "public" });
        Assert.Equal(2, counter.Calls);
        await InvokeAsync(router, route, request: Ask("x"));
        await InvokeAsync(router, route, request: Ask("x"));
        Assert.Equal(4, counter.Calls);
    }

    [Fact]
    public async Task Concurrency_rises_until_the_provider_says_too_much()
    {
        var adaptive = new AdaptiveConcurrency(2);
        for (var call = 0; call < 100; call++)
        {
            await adaptive.EnterAsync(default);
            adaptive.Leave(TimeSpan.FromMilliseconds(10), false);
        }

        var risen = adaptive.Limit;
        Assert.True(risen > 8);
        await adaptive.EnterAsync(default);
        adaptive.Leave(null, true);
        Assert.InRange(adaptive.Limit, risen / 2 - 1, risen / 2 + 1);
    }

    private void Add(params string[] names)
    {
        foreach (var name in names)
        {
            Register(name, null);
        }
    }

    private void Register(string name, CommercialTerms? terms, string scenario = """[{"say":"ok","repeat":true}]""", TimeProvider? clock = null) =>
        _providers.Register(
            new ProviderDefinition { Name = name, Kind = ProviderKinds.Simulated, Terms = terms },
            new SimulatedProvider(name, Scenario.FromJson(ParseJson(scenario)), clock ?? _time));

    private static RouteDefinition Route(RouteObjective objective, params RouteTarget[] targets) =>
        new() { Name = "r", Targets = targets, Objective = objective };

    private RouteDecision Resolve(RouteDefinition route) => new Router(_providers, timeProvider: _time).Resolve(new RouteRequest(route, Ask("x")));

    private string[] Order(RouteDefinition route) =>
        [.. Resolve(route).Candidates.Where(candidate => candidate.Rank > 0).Select(candidate => candidate.Target.Provider)];

    private static async Task<RouteCompleted> InvokeAsync(
        Router router, RouteDefinition route, ModelRequest? request = null, CancellationToken ct = default)
    {
        RouteCompleted? end = null;
        await foreach (var item in router.InvokeAsync(new RouteRequest(route, request ?? Ask("x")), ct))
        {
            end = item as RouteCompleted ?? end;
        }

        return end!;
    }

    private sealed class CountingProvider : IModelProvider
    {
        private int _calls;

        public int Calls => _calls;

        public string Name => "c";

        public string Kind => ProviderKinds.Simulated;

        public async IAsyncEnumerable<ModelEvent> StreamAsync(
            ModelRequest request, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct)
        {
            Interlocked.Increment(ref _calls);
            await Task.Delay(50, ct);
            yield return new TextDelta("x");
            yield return new ModelCompleted(StopReason.EndTurn, new Usage(1, 1), "m", null);
        }
    }
}
