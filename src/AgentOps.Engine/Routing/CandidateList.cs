using System.Collections;
using System.Globalization;
using AgentOps.Engine.Providers;

namespace AgentOps.Engine.Routing;

/// <summary>
/// A decision's candidates, put into words when somebody looks: most decisions are never read, and words are what costs.
/// </summary>
internal sealed class CandidateList(
    RouteRequest request, CompiledTarget[] targets, Judgement[] judgements, int[] order, int eligible, long promptTokens, int outputTokens)
    : IReadOnlyList<RouteCandidate>
{
    private RouteCandidate[]? made;

    public int Count => targets.Length;

    public RouteCandidate this[int index] => Made[index];

    public CompiledTarget Attempt(int index) => targets[order[index]];

    public int Eligible => eligible;

    private RouteCandidate[] Made => made ??= Make();

    public IEnumerator<RouteCandidate> GetEnumerator() => ((IEnumerable<RouteCandidate>)Made).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private RouteCandidate[] Make()
    {
        var candidates = new RouteCandidate[targets.Length];
        for (var place = 0; place < candidates.Length; place++)
        {
            var target = targets[order[place]];
            ref var judgement = ref judgements[order[place]];
            var isEligible = place < eligible;
            candidates[place] = new RouteCandidate(
                target.Target,
                place == 0 && isEligible,
                isEligible ? place + 1 : 0,
                judgement.Rejection,
                isEligible ? Rank(place) : Reason(target, judgement),
                double.IsNaN(judgement.Quality) ? null : (decimal)Math.Round(judgement.Quality, 4),
                Cost(target),
                double.IsNaN(target.Latency) ? null : TimeSpan.FromMilliseconds(target.Latency))
            {
                EffectivePrice = target.Price,
            };
        }

        return candidates;
    }

    private decimal? Cost(CompiledTarget target) =>
        target.Price is null ? null : CostCalculator.Cost(new Usage(promptTokens, outputTokens), target.Price);

    private string Rank(int place)
    {
        var what = request.Route.Objective switch
        {
            RouteObjective.CheapestCapable => "cheapest of the capable",
            RouteObjective.Fastest => "lowest expected latency",
            RouteObjective.Best => "highest predicted quality",
            RouteObjective.Weighted => "drawn by weight",
            _ => "as listed",
        };
        return string.Create(CultureInfo.InvariantCulture, $"{(place == 0 ? "Selected" : $"Fallback {place}")}: {what}.");
    }

    private string Reason(CompiledTarget target, in Judgement judgement) => judgement.Rejection switch
    {
        RejectionKind.ProviderUnknown => $"The provider '{target.Target.Provider}' is not registered.",
        RejectionKind.DataClass =>
            $"The prompt's data class '{request.Request.DataClass ?? DataClasses.Default}' is above the clearance '{target.ClearanceName}'.",
        RejectionKind.Permission => judgement.PermissionReason ?? "The agent has no right to it.",
        RejectionKind.Region => target.Target.Region is null
            ? "Its region is unknown, and the route allows only some."
            : $"The region '{target.Target.Region}' is not among {string.Join(", ", request.Route.Regions ?? [])}.",
        RejectionKind.ContextLength => string.Create(CultureInfo.InvariantCulture,
            $"About {promptTokens} prompt tokens and {outputTokens} for the answer exceed its {target.ContextTokens}."),
        RejectionKind.Budget => target.Price is null
            ? "Its price is unknown, so that the budget can't be kept."
            : string.Create(CultureInfo.InvariantCulture, $"It may cost ${Cost(target):0.######}, more than the ${request.Budget:0.######} left."),
        RejectionKind.Latency => string.Create(CultureInfo.InvariantCulture,
            $"Its first token is expected after {target.Latency:0} ms, over the limit of {request.Route.MaximumLatency?.TotalMilliseconds:0} ms."),
        RejectionKind.Quality => string.Create(CultureInfo.InvariantCulture,
            $"Its predicted quality {judgement.Quality:0.###} is below what the route asks for."),
        _ => "Rejected.",
    };
}
