using System.Text.Json.Nodes;
using AgentOps.Engine.Errors;
using AgentOps.Engine.Ledger;
using AgentOps.Engine.Routing;
using AgentOps.Engine.Serialization;
using AgentOps.Engine.Workspaces;

namespace AgentOps.Engine.Benchmarks.Endpoints;

/// <summary>What of a workspace can be measured: the targets of its routes, and any model at its providers.</summary>
public sealed class EndpointDirectory
{
    private readonly WorkspaceLedger _ledger;
    private readonly RouterCache _routers;

    internal EndpointDirectory(WorkspaceLedger ledger, RouterCache routers) => (_ledger, _routers) = (ledger, routers);

    /// <summary>All targets of a route.</summary>
    /// <exception cref="AgentOpsException"><c>RouteNotFound</c>, <c>ProviderNotFound</c>.</exception>
    public async ValueTask<IReadOnlyList<EndpointTarget>> OfRouteAsync(string route, CancellationToken cancellationToken)
    {
        var state = await _ledger.RefreshAsync(cancellationToken);
        return [.. RouteTable.Require(state, route).Targets.Select(target => Of(state, target))];
    }

    /// <summary>One target, written as <c>provider/model</c>.</summary>
    /// <exception cref="AgentOpsException"><c>RouteInvalid</c>, <c>ProviderNotFound</c>.</exception>
    public async ValueTask<EndpointTarget> OfTargetAsync(string target, CancellationToken cancellationToken)
    {
        var slash = target.IndexOf('/', StringComparison.Ordinal);
        if (slash <= 0 || slash == target.Length - 1)
        {
            throw new AgentOpsException(ErrorCodes.RouteInvalid, $"'{target}' is no target.", target, "Write a target as provider/model.");
        }

        var state = await _ledger.RefreshAsync(cancellationToken);
        return Of(state, new RouteTarget(target[..slash], target[(slash + 1)..]));
    }

    /// <summary>Records what a run has cost, one record a target, so that no spend is missing from the ledger.</summary>
    /// <param name="targets">What was measured.</param>
    /// <param name="samples">The calls that were made now, warm-up included.</param>
    public async ValueTask RecordAsync(IReadOnlyList<EndpointTarget> targets, IReadOnlyCollection<CallSample> samples)
    {
        var events = targets
            .Select(target => (Target: target, Calls: samples.Where(sample => sample.Target == target.Name).ToArray()))
            .Where(target => target.Calls.Length > 0)
            .Select(target => Record(target.Target, target.Calls))
            .ToArray();
        if (events.Length > 0)
        {
            // What was spent is recorded however the run ended.
            await _ledger.Store.AppendAsync(events, CancellationToken.None);
        }
    }

    private static NewEvent Record(EndpointTarget target, CallSample[] calls) => new(
        EventTypes.ModelCompleted,
        EventTypes.Version,
        new JsonObject()
            .With("provider", target.Provider.Name)
            .With("model", target.Model)
            .With("calls", calls.Length)
            .With("inputTokens", calls.Sum(call => call.Usage.InputTokens))
            .With("outputTokens", calls.Sum(call => call.Usage.OutputTokens))
            .With("reasoningTokens", calls.Sum(call => call.Usage.ReasoningTokens))
            .With("estimated", calls.Any(call => call.Usage.IsEstimated))
            .With("cost", calls.Sum(call => call.Cost ?? 0)))
    {
        Task = "benchmark",
    };

    private EndpointTarget Of(WorkspaceState state, RouteTarget target)
    {
        var provider = _routers.Find(state, target.Provider)
            ?? throw new AgentOpsException(ErrorCodes.ProviderNotFound, $"There is no provider '{target.Provider}'.", target.Provider);
        return new EndpointTarget(target.ToString(), provider.Provider, target.Model)
        {
            Price = CompiledTarget.PriceOf(target, provider.Definition, _routers.Catalog),
        };
    }
}
