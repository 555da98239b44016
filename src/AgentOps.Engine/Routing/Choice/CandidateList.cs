using System.Collections;
using System.Globalization;
using AgentOps.Engine.Providers;

namespace AgentOps.Engine.Routing;

/// <summary>
/// A decision's candidates, put into words when somebody looks: most decisions are never read, and words are what costs.
/// </summary>
internal sealed class CandidateList(
    RouteRequest request, CompiledTarget[] targets, Judgement[] judgements, int[] order, int eligible, PromptNeeds prompt, TargetQualities? predicted, RouterState state)
    : IReadOnlyList<RouteCandidate>
{
    private RouteCandidate[]? _made;

    public int Count => targets.Length;

    public int Eligible => eligible;

    private RouteCandidate[] Made => _made ??= Make();

    public RouteCandidate this[int index] => Made[index];

    public CompiledTarget Attempt(int index) => targets[order[index]];

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
                isEligible ? Rank(place, judgement) : Reason(target, judgement),
                double.IsNaN(judgement.Quality) ? null : (decimal)Math.Round(judgement.Quality, 4),
                Cost(target),
                double.IsNaN(target.Latency) ? null : TimeSpan.FromMilliseconds(target.Latency))
            {
                QualitySource = double.IsNaN(judgement.Quality) ? null : double.IsNaN(target.Quality) ? predicted?.Explain(order[place]) : "stated by the target",
                EffectivePrice = judgement.IsFree ? ModelPrice.Free : target.Price,
                ChargedPrice = target.Price,
                ContextTokens = target.ContextTokens == long.MaxValue ? null : target.ContextTokens,
                PriceNote = CreditTerms.Judge(
                    target.Terms, target.Target.Model, target.Account.Spent, state.TimeProvider.GetUtcNow()).Note,
            };
        }

        return candidates;
    }

    private decimal? Cost(CompiledTarget target) =>
        target.Price is null ? null : CostCalculator.Cost(new Usage(prompt.InputTokens, prompt.OutputTokens), target.Price);

    private string Rank(int place, in Judgement judgement)
    {
        var what = request.Route.Objective switch
        {
            RouteObjective.CheapestCapable when double.IsNaN(judgement.Quality) => "by cost; its quality is unknown",
            RouteObjective.CheapestCapable => "cheapest of the capable first",
            RouteObjective.Fastest => "lowest expected latency first",
            RouteObjective.Best => "highest predicted quality first",
            RouteObjective.Weighted => "drawn by weight",
            _ => "as listed",
        };
        return string.Create(CultureInfo.InvariantCulture, $"{(place == 0 ? "Selected" : $"Fallback {place}")}: {what}.");
    }

    private string Reason(CompiledTarget target, in Judgement judgement) => judgement.Reason ?? judgement.Rejection switch
    {
        RejectionKind.ProviderUnknown => $"The provider '{target.Target.Provider}' is not registered.",
        RejectionKind.DataClass =>
            $"The prompt's data class '{request.Request.DataClass ?? DataClasses.Default}' is above the clearance '{target.ClearanceName}'.",
        RejectionKind.Permission => "The agent has no right to it.",
        RejectionKind.Region => target.Target.Region is null
            ? "Its region is unknown, and the route allows only some."
            : $"The region '{target.Target.Region}' is not among {string.Join(", ", request.Route.Regions ?? [])}.",
        RejectionKind.Capability => prompt.Images && !target.TakesImages ? "It takes no images."
            : prompt.Tools && !target.TakesTools ? "It calls no tools."
            : "It takes no temperature but its own.",
        RejectionKind.ContextLength => string.Create(CultureInfo.InvariantCulture,
            $"About {prompt.InputTokens} prompt tokens and {prompt.OutputTokens} for the answer exceed its {target.ContextTokens}."),
        RejectionKind.Budget => target.Price is null
            ? "Its price is unknown, so that the budget can't be kept."
            : string.Create(CultureInfo.InvariantCulture, $"It may cost ${Cost(target):0.######}, more than the ${request.Budget:0.######} left."),
        RejectionKind.Latency => string.Create(CultureInfo.InvariantCulture,
            $"Its first token is expected after {target.Latency:0} ms, over the limit of {request.Route.MaximumLatency?.TotalMilliseconds:0} ms."),
        RejectionKind.Quality => string.Create(CultureInfo.InvariantCulture,
            $"Its predicted quality {judgement.Quality:0.###} is below the {request.Route.MinimumQuality:0.###} that the route asks for."),
        _ => "Rejected.",
    };
}
