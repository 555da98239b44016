using System.Runtime.CompilerServices;
using AgentOps.Engine.Providers;

namespace AgentOps.Engine.Routing;

/// <summary>Filters and ranks a route's targets for a prompt.</summary>
internal sealed class RouteJudge(ProviderSet providers, RouterOptions options)
{
    private readonly ConditionalWeakTable<RouteDefinition, CompiledRoute> compiled = [];

    public RouteDecision Decide(RouteRequest request)
    {
        var targets = Compile(request.Route);
        var promptTokens = TokenEstimate.OfPrompt(request.Request);
        var outputTokens = request.Request.MaxOutputTokens ?? options.ExpectedOutputTokens;
        var dataRank = DataClasses.RankOfData(request.Request.DataClass);
        var judgements = new Judgement[targets.Length];
        var order = new int[targets.Length];
        var keys = new double[targets.Length];
        var eligible = 0;
        for (var index = 0; index < targets.Length; index++)
        {
            ref var judgement = ref judgements[index];
            Judge(targets[index], request, promptTokens, outputTokens, dataRank, ref judgement);
            if (judgement.Rejection == RejectionKind.None)
            {
                order[eligible] = index;
                keys[eligible++] = Key(request.Route.Objective, targets[index], judgement, index);
            }
        }

        if (request.Route.Objective != RouteObjective.Ordered)
        {
            Array.Sort(keys, order, 0, eligible);
        }

        var place = eligible;
        for (var index = 0; index < targets.Length; index++)
        {
            if (judgements[index].Rejection != RejectionKind.None)
            {
                order[place++] = index;
            }
        }

        var candidates = new CandidateList(request, targets, judgements, order, eligible, promptTokens, outputTokens);
        return new RouteDecision(
            request.Route.Name,
            request.Route.Objective,
            eligible > 0 ? targets[order[0]].Target : null,
            candidates,
            promptTokens);
    }

    private static void Judge(
        CompiledTarget target, RouteRequest request, long promptTokens, int outputTokens, int dataRank, ref Judgement judgement)
    {
        judgement.Quality = target.Quality;
        judgement.Cost = ((promptTokens * target.InputPrice) + (outputTokens * target.OutputPrice)) * 1e-6;
        if (target.Provider is null)
        {
            judgement.Rejection = RejectionKind.ProviderUnknown;
        }
        else if (dataRank > target.Clearance)
        {
            judgement.Rejection = RejectionKind.DataClass;
        }
        else if (!target.RegionAllowed)
        {
            judgement.Rejection = RejectionKind.Region;
        }
        else if (promptTokens + outputTokens > target.ContextTokens)
        {
            judgement.Rejection = RejectionKind.ContextLength;
        }
        else if (request.Budget is { } budget && (target.Price is null || judgement.Cost > (double)budget))
        {
            judgement.Rejection = RejectionKind.Budget;
        }
        else if (request.Route.MaximumLatency is { } latency && target.Latency > latency.TotalMilliseconds)
        {
            judgement.Rejection = RejectionKind.Latency;
        }
        else if (request.Route.MinimumQuality is { } quality && target.Quality < (double)quality)
        {
            judgement.Rejection = RejectionKind.Quality;
        }
        else if (request.MayUse is { } mayUse && mayUse(target.Target) is { IsAllowed: false } refused)
        {
            judgement.Rejection = RejectionKind.Permission;
            judgement.PermissionReason = refused.Reason;
        }
    }

    // Lower is better; what isn't known comes last, and among equals the order of the list holds.
    private static double Key(RouteObjective objective, CompiledTarget target, in Judgement judgement, int index)
    {
        var key = objective switch
        {
            RouteObjective.CheapestCapable => target.Price is null ? double.NaN : judgement.Cost,
            RouteObjective.Fastest => target.Latency,
            RouteObjective.Best => -judgement.Quality,
            _ => 0,
        };
        return double.IsNaN(key) ? double.MaxValue : key + (index * 1e-15);
    }

    private CompiledTarget[] Compile(RouteDefinition route)
    {
        var version = providers.Version;
        if (compiled.TryGetValue(route, out var known) && known.Version == version)
        {
            return known.Targets;
        }

        var targets = new CompiledTarget[route.Targets.Count];
        for (var index = 0; index < targets.Length; index++)
        {
            targets[index] = new CompiledTarget(route, route.Targets[index], providers.Find(route.Targets[index].Provider));
        }

        compiled.AddOrUpdate(route, new CompiledRoute(version, targets));
        return targets;
    }

    private sealed record CompiledRoute(int Version, CompiledTarget[] Targets);
}
