using System.Runtime.CompilerServices;
using AgentOps.Engine.Providers;

namespace AgentOps.Engine.Routing;

/// <summary>Filters and ranks a route's targets for a prompt.</summary>
internal sealed class RouteJudge(
    ProviderSet providers, RouterOptions options, PriceCatalog catalog, RouterState state, IQualityPredictor? predictor)
{
    private readonly ConditionalWeakTable<RouteDefinition, CompiledRoute> _compiled = [];

    public RouteDecision Decide(RouteRequest request)
    {
        var (_, targets, learned) = Compile(request.Route);
        var prompt = new PromptNeeds(request.Request, options.ExpectedOutputTokens);
        var objective = request.Route.Objective;
        var isAsked = objective is RouteObjective.CheapestCapable or RouteObjective.Best || request.Route.MinimumQuality is not null;
        var predicted = isAsked ? Predict(learned, request) : null;
        var judgements = new Judgement[targets.Length];
        var order = new int[targets.Length];
        var eligible = 0;
        var best = double.NaN;
        for (var index = 0; index < targets.Length; index++)
        {
            ref var judgement = ref judgements[index];
            var target = targets[index];
            judgement.Quality = predicted is not null && double.IsNaN(target.Quality) ? predicted[index] : target.Quality;
            judgement.Cost = ((prompt.InputTokens * target.InputPrice) + (prompt.OutputTokens * target.OutputPrice)) * 1e-6;
            if (target.Terms is not null)
            {
                judgement.IsFree = CreditTerms.Judge(target.Terms, target.Target.Model, target.Account.Spent, state.TimeProvider.GetUtcNow()).IsFree;
            }

            Filter(target, request, prompt, ref judgement);
            if (judgement.Rejection == RejectionKind.None)
            {
                order[eligible++] = index;
                best = judgement.Quality > best || double.IsNaN(best) ? judgement.Quality : best;
            }
        }

        if (objective != RouteObjective.Ordered)
        {
            Rank(request, targets, judgements, order, eligible, learned is null || predicted is null ? best * options.CapableShare : best - learned.Margin);
        }

        var place = eligible;
        for (var index = 0; index < targets.Length && place < targets.Length; index++)
        {
            if (judgements[index].Rejection != RejectionKind.None)
            {
                order[place++] = index;
            }
        }

        var candidates = new CandidateList(request, targets, judgements, order, eligible, prompt, predicted, state);
        return new RouteDecision(
            request.Route.Name, objective, eligible > 0 ? targets[order[0]].Target : null, candidates, prompt.InputTokens)
        {
            Domains = predicted?.Domains,
        };
    }

    // What was learned for the route comes first; the prompt is looked at again only for what it does not know.
    private TargetQualities? Predict(LearnedQuality? learned, RouteRequest request)
    {
        var targets = request.Route.Targets;
        var own = learned?.Predict(request.Request, targets);
        return own?.Knows(targets) == true ? own : PreferredQualities.Of(own, predictor?.Predict(request.Request, targets));
    }

    private void Filter(CompiledTarget target, RouteRequest request, in PromptNeeds prompt, ref Judgement judgement)
    {
        judgement.Rejection =
            target.Provider is null ? RejectionKind.ProviderUnknown
            : prompt.DataRank > target.Clearance ? RejectionKind.DataClass
            : !target.RegionAllowed ? RejectionKind.Region
            : !prompt.FitsInto(target) ? RejectionKind.Capability
            : prompt.InputTokens + prompt.OutputTokens > target.ContextTokens ? RejectionKind.ContextLength
            : request.Budget is { } budget && (target.Price is null || judgement.Cost > (double)budget) ? RejectionKind.Budget
            : request.Route.MaximumLatency is { } latency && target.Latency > latency.TotalMilliseconds ? RejectionKind.Latency
            : request.Route.MinimumQuality is { } quality && judgement.Quality < (double)quality ? RejectionKind.Quality
            : RejectionKind.None;
        if (judgement.Rejection != RejectionKind.None)
        {
            return;
        }

        if (target.Terms is { PrepaidOnly: true }
            && CreditTerms.Refuse(target.Terms, target.Target.Model, target.Account.Spent, state.TimeProvider.GetUtcNow()) is { } refused)
        {
            judgement.Rejection = RejectionKind.Credit;
            judgement.Reason = refused;
        }
        else if (target.Account.Circuit.IsOpen)
        {
            judgement.Rejection = RejectionKind.Credit;
            judgement.Reason = target.Account.Circuit.Explain();
        }
        else if (target.Circuit.IsOpen)
        {
            judgement.Rejection = RejectionKind.CircuitOpen;
            judgement.Reason = target.Circuit.Explain();
        }
        else if (request.MayUse is { } mayUse && mayUse(target.Target) is { IsAllowed: false } forbidden)
        {
            judgement.Rejection = RejectionKind.Permission;
            judgement.Reason = forbidden.Reason;
        }
    }

    // Lower is better; among equals the order of the list holds.
    private static void Rank(RouteRequest request, CompiledTarget[] targets, Judgement[] judgements, int[] order, int eligible, double nearBest)
    {
        var capable = request.Route.MinimumQuality is { } minimum ? (double)minimum : nearBest;
        var seed = request.Route.Objective == RouteObjective.Weighted ? Seed(request.Request) : 0;
        var keys = new double[eligible];
        for (var place = 0; place < eligible; place++)
        {
            var index = order[place];
            var target = targets[index];
            ref var judgement = ref judgements[index];
            var key = request.Route.Objective switch
            {
                RouteObjective.CheapestCapable => Cheapness(target, judgement, capable),
                RouteObjective.Fastest => target.Latency,
                RouteObjective.Best => -judgement.Quality,
                RouteObjective.Weighted => -Math.Log(Draw(seed, index)) / Math.Max(1e-9, (double)target.Target.Weight),
                _ => 0,
            };
            keys[place] = double.IsNaN(key) ? double.MaxValue : key + (place * 1e-15);
        }

        Array.Sort(keys, order, 0, eligible);
    }

    // First the capable by cost, then those of unknown quality by cost, then the rest by quality.
    private static double Cheapness(CompiledTarget target, in Judgement judgement, double capable)
    {
        const double Unknown = 1e6;
        const double Incapable = 1e9;
        var cost = judgement.IsFree ? 0 : target.Price is null ? Unknown / 2 : judgement.Cost;
        return double.IsNaN(judgement.Quality) ? Unknown + cost
            : judgement.Quality >= capable - 1e-9 ? cost
            : Incapable - judgement.Quality;
    }

    private static ulong Seed(ModelRequest request)
    {
        var hash = 14695981039346656037UL;
        foreach (var character in request.Session ?? request.Messages[^1].TextContent)
        {
            hash = (hash ^ character) * 1099511628211UL;
        }

        return hash;
    }

    private static double Draw(ulong seed, int index)
    {
        var value = seed + ((ulong)(index + 1) * 0x9E3779B97F4A7C15);
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return ((value ^ (value >> 31)) >> 11 | 1) * (1.0 / (1UL << 53));
    }

    private CompiledRoute Compile(RouteDefinition route)
    {
        var version = providers.Version;
        if (_compiled.TryGetValue(route, out var known) && known.Version == version)
        {
            return known;
        }

        var targets = new CompiledTarget[route.Targets.Count];
        for (var index = 0; index < targets.Length; index++)
        {
            targets[index] = new CompiledTarget(
                route, route.Targets[index], providers.Find(route.Targets[index].Provider), catalog, state);
        }

        var made = new CompiledRoute(version, targets, known?.Learned ?? route.QualityModel?.Load());
        _compiled.AddOrUpdate(route, made);
        return made;
    }

    private sealed record CompiledRoute(int Version, CompiledTarget[] Targets, LearnedQuality? Learned);
}
