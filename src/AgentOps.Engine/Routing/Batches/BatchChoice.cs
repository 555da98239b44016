using System.Globalization;
using System.Text;
using AgentOps.Engine.Errors;

namespace AgentOps.Engine.Routing;

/// <summary>Chooses the one target of a batch: the best one that may take every prompt and has an interface for batches.</summary>
internal static class BatchChoice
{
    /// <param name="router">Judges each prompt as a single call.</param>
    /// <param name="requests">The prompts, at least one.</param>
    /// <param name="maximumCost">The most that one prompt may cost at the batch's price; null for no limit.</param>
    /// <param name="refusal">Why a target's provider takes no such batch; null where it does.</param>
    /// <exception cref="AgentOpsException"><c>NoEligibleTarget</c>, with the reason for each.</exception>
    public static (RouteTarget Target, decimal? Reserved) Choose(
        Router router, IReadOnlyList<RouteRequest> requests, decimal? maximumCost, Func<RouteTarget, string?> refusal)
    {
        var standing = new Dictionary<RouteTarget, Standing>(ReferenceEqualityComparer.Instance);
        var order = new List<RouteTarget>();
        for (var prompt = 0; prompt < requests.Count; prompt++)
        {
            foreach (var candidate in router.Resolve(requests[prompt]).Candidates)
            {
                if (!standing.TryGetValue(candidate.Target, out var stands))
                {
                    standing.Add(candidate.Target, stands = new Standing(candidate, refusal(candidate.Target)));
                    order.Add(candidate.Target);
                }

                stands.Judge(candidate, prompt, maximumCost);
            }
        }

        foreach (var target in order)
        {
            if (standing[target] is { Refusal: null } fits)
            {
                return (target with { Price = fits.Price }, fits.Cost);
            }
        }

        var text = new StringBuilder(string.Create(CultureInfo.InvariantCulture, $"The route '{requests[0].Route.Name}' has no target that takes {(requests.Count == 1 ? "this prompt" : $"these {requests.Count} prompts")} as a batch:"));
        foreach (var target in order)
        {
            text.Append(CultureInfo.InvariantCulture, $" {target}: {standing[target].Refusal}");
        }

        throw new AgentOpsException(ErrorCodes.NoEligibleTarget, text.ToString(), requests[0].Route.Name,
            "Batches are taken by providers of kind openai, azure-openai, anthropic, gemini and bedrock (and simulated, to rehearse). Add such a target, or leave out -Batch.");
    }

    private sealed class Standing(RouteCandidate first, string? refusal)
    {
        public string? Refusal { get; private set; } = refusal;

        /// <summary>A batch's price; null where there is none.</summary>
        public ModelPrice? Price { get; } = first.ChargedPrice?.InBatch();

        public decimal? Cost { get; private set; } = first.ChargedPrice is null ? null : 0;

        public void Judge(RouteCandidate candidate, int prompt, decimal? maximumCost)
        {
            if (Refusal is not null)
            {
                return;
            }

            if (candidate.Rejection != RejectionKind.None)
            {
                Refusal = string.Create(CultureInfo.InvariantCulture, $"Prompt {prompt}: {candidate.Reason}");
                return;
            }

            var cost = candidate.PredictedCost * (candidate.ChargedPrice?.Batch ?? 1);
            if (maximumCost is { } most && (cost is null || cost > most))
            {
                Refusal = string.Create(CultureInfo.InvariantCulture, $"Prompt {prompt}: its predicted cost {(cost is null ? "is unknown" : $"of ${cost} is above ${most}")}.");
            }

            Cost += cost;
        }
    }
}
