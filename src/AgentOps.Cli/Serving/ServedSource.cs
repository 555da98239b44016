using System.Runtime.CompilerServices;
using AgentOps.Engine.Errors;
using AgentOps.Engine.Invocation;
using AgentOps.Engine.Providers;
using AgentOps.Engine.Routing;

namespace AgentOps.Cli.Serving;

/// <summary>What answers behind the server: a provider, or a route.</summary>
internal sealed class ServedSource
{
    private readonly Func<ModelRequest, ServedCaller?, CancellationToken, IAsyncEnumerable<ModelEvent>> _answer;

    private ServedSource(string name, string model, Func<ModelRequest, ServedCaller?, CancellationToken, IAsyncEnumerable<ModelEvent>> answer, bool isGoverned = false)
    {
        IsGoverned = isGoverned;
        Name = name;
        Model = model;
        _answer = answer;
    }

    public string Name { get; }

    /// <summary>What a client that asks for models is told; any name is taken in a call.</summary>
    public string Model { get; }

    /// <summary>Whether each call is recorded in a workspace and kept within its budgets.</summary>
    public bool IsGoverned { get; }

    public static ServedSource Of(IModelProvider provider) => new($"the provider '{provider.Name}'", provider.Name, (request, _, ct) => provider.StreamAsync(request, ct));

    public static ServedSource Of(Router router, RouteDefinition route) =>
        new($"the route '{route.Name}'", route.Name, (request, _, ct) => RouteAsync(router.InvokeAsync(new RouteRequest(route, request), ct)));

    /// <summary>A route of a workspace: its calls are recorded there, and its budgets hold.</summary>
    /// <param name="route">The route.</param>
    /// <param name="stopping">Ends the calls under way; what they used is recorded.</param>
    public static ServedSource Of(ServedRoute route, CancellationToken stopping) =>
        new($"the route '{route.Name}'", route.Name, (request, caller, ct) => GovernedAsync(route, request, caller, stopping, ct), isGoverned: true);

    /// <summary>The events of an answer.</summary>
    /// <exception cref="ProviderFaultException">It failed.</exception>
    public IAsyncEnumerable<ModelEvent> AnswerAsync(ModelRequest request, CancellationToken ct) => AnswerAsync(request, null, ct);

    /// <summary>The same for a caller who is an agent.</summary>
    public IAsyncEnumerable<ModelEvent> AnswerAsync(ModelRequest request, ServedCaller? caller, CancellationToken ct) => _answer(request, caller, ct);

    private static async IAsyncEnumerable<ModelEvent> GovernedAsync(
        ServedRoute route, ModelRequest request, ServedCaller? caller, CancellationToken stopping, [EnumeratorCancellation] CancellationToken ct)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, stopping);
        await foreach (var item in RouteAsync(route.StreamAsync(request, caller, either.Token)))
        {
            yield return item;
        }
    }

    private static async IAsyncEnumerable<ModelEvent> RouteAsync(IAsyncEnumerable<RoutedEvent> routed)
    {
        var events = routed.GetAsyncEnumerator(CancellationToken.None);
        await using (events)
        {
            while (await NextAsync(events))
            {
                switch (events.Current)
                {
                    case ModelOutput output:
                        yield return output.Event;
                        break;
                    case RouteCompleted { Completion.Reason: StopReason.Cancelled }:
                        throw new ProviderFaultException(new ProviderFault(FaultKind.Interrupted, "agentops", "The call was stopped."));
                    case RouteCompleted end:
                        yield return end.Completion;
                        break;
                }
            }
        }
    }

    private static async ValueTask<bool> NextAsync(IAsyncEnumerator<RoutedEvent> events)
    {
        try
        {
            return await events.MoveNextAsync();
        }
        catch (AgentOpsException exception)
        {
            var kind = (exception.InnerException as ProviderFaultException)?.Fault.Kind switch
            {
                null => exception.Code == ErrorCodes.NoEligibleTarget ? FaultKind.InvalidRequest : FaultKind.ServerError,

                // A provider that refuses the route's credential says nothing of the caller's.
                FaultKind.Authentication => FaultKind.ServerError,
                var known => known.Value,
            };
            throw new ProviderFaultException(new ProviderFault(kind, "agentops", exception.Message));
        }
    }
}
