using System.Text.Json.Nodes;
using AgentOps.Engine.Benchmarks.Endpoints;
using AgentOps.Engine.Errors;
using AgentOps.Engine.Ledger;
using AgentOps.Engine.Routing;
using AgentOps.Engine.Serialization;
using AgentOps.Engine.Workspaces;

namespace AgentOps.Engine.Providers;

/// <summary>Shows with one small call whether a provider can be reached, takes the credential, and answers.</summary>
public sealed class ProviderProbe
{
    private const string Prompt = "Reply with the word OK.";
    private const int AnswerTokens = 16;

    private readonly WorkspaceLedger _ledger;
    private readonly RouterCache _routers;

    internal ProviderProbe(WorkspaceLedger ledger, RouterCache routers) => (_ledger, _routers) = (ledger, routers);

    /// <summary>Makes the call; one attempt. Its cost is recorded.</summary>
    /// <param name="name">The provider.</param>
    /// <param name="model">The model; null: the first that a route calls there.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="AgentOpsException"><c>ProviderNotFound</c>.</exception>
    public async ValueTask<ProviderCheck> TestAsync(string name, string? model, CancellationToken cancellationToken)
    {
        var state = await _ledger.RefreshAsync(cancellationToken);
        var definition = ProviderRegistry.Require(state, name);
        var target = state.Routes.Values.OrderBy(route => route.Name, StringComparer.OrdinalIgnoreCase).SelectMany(route => route.Targets).FirstOrDefault(target =>
            string.Equals(target.Provider, definition.Name, StringComparison.OrdinalIgnoreCase) && (model is null || target.Model == model));
        model ??= target?.Model ?? (definition.Kind is ProviderKinds.Simulated or ProviderKinds.Replay ? "any" : null);
        var check = new ProviderCheck(definition.Name, definition.Kind, model) { Detail = "No route names a model of it: give the model." };
        if (model is null)
        {
            return check;
        }

        var provider = _routers.Find(state, definition.Name)!.Provider;
        var endpoint = new EndpointTarget(definition.Name, provider, model)
        {
            Price = CompiledTarget.PriceOf(target ?? new RouteTarget(definition.Name, model), definition, _routers.Catalog),
        };
        CallSample sample;
        try
        {
            var call = new PlannedCall(0, CallPhase.Cold, 0, 0, 0, Prompt, null);
            sample = await EndpointCall.RunAsync(endpoint, call, AnswerTokens, TimeProvider.System.GetTimestamp(), null, TimeProvider.System, cancellationToken);
        }
        catch (AgentOpsException exception) when (exception.Code == ErrorCodes.SecretNotFound || exception.Code == ErrorCodes.SecretReferenceInvalid)
        {
            return check with { IsAuthenticated = false, Detail = exception.Message };
        }

        await _ledger.Store.AppendAsync([Record(sample, definition.Name, model)], CancellationToken.None);
        return check with
        {
            IsReachable = sample.Error is not CallError.Connection && (sample.Error != CallError.Timeout || sample.Headers is not null),
            IsAuthenticated = sample.Error switch
            {
                CallError.Connection or CallError.Timeout or CallError.Server or CallError.Malformed => sample.Headers is not null ? true : null,
                CallError.Refused => sample.Fault is FaultKind.Authentication ? false : sample.Fault is FaultKind.InvalidRequest ? null : true,
                _ => true,
            },
            HasAnswered = sample.Error is null,
            Latency = sample.FirstDelta is { } first ? TimeSpan.FromSeconds(first) : null,
            Cost = sample.Cost,
            Detail = sample.Error is null ? "It answers." : $"{sample.Error}: {sample.Detail}",
        };
    }

    private static NewEvent Record(CallSample sample, string provider, string model) => new(
        sample.Error is null ? EventTypes.ModelCompleted : EventTypes.ModelFailed,
        EventTypes.Version,
        new JsonObject()
            .With("provider", provider)
            .With("model", model)
            .With("inputTokens", sample.Usage.InputTokens)
            .With("outputTokens", sample.Usage.OutputTokens)
            .With("estimated", sample.Usage.IsEstimated)
            .With("cost", sample.Cost ?? 0)
            .With("duration", (TimeSpan?)TimeSpan.FromSeconds(sample.EndToEnd))
            .With("reason", sample.Detail));
}
