using System.Runtime.CompilerServices;
using AgentOps.Engine.Errors;
using AgentOps.Engine.Providers;
using AgentOps.Engine.Routing;

namespace AgentOps.Cli.Serving;

/// <summary>What answers behind the server: a provider, or a route.</summary>
internal sealed class ServedSource
{
    private readonly Func<ModelRequest, CancellationToken, IAsyncEnumerable<ModelEvent>> answer;

    private ServedSource(string name, string model, Func<ModelRequest, CancellationToken, IAsyncEnumerable<ModelEvent>> answer, bool isGoverned = false)
    {
        IsGoverned = isGoverned;
        Name = name;
        Model = model;
        this.answer = answer;
    }

    public string Name { get; }

    /// <summary>What a client that asks for models is told; any name is taken in a call.</summary>
    public string Model { get; }

    /// <summary>Whether each call is recorded in a workspace and kept within its budgets.</summary>
    public bool IsGoverned { get; }

    public static ServedSource Of(IModelProvider provider) => new($"the provider '{provider.Name}'", provider.Name, provider.StreamAsync);

    public static ServedSource Of(Router router, RouteDefinition route) =>
        new($"the route '{route.Name}'", route.Name, (request, ct) => RouteAsync(router.InvokeAsync(new RouteRequest(route, request), ct)));

    /// <summary>A route of a workspace: its calls are recorded there, and its budgets hold.</summary>
    /// <param name="invoker">The workspace's own.</param>
    /// <param name="route">The route's name.</param>
    /// <param name="stopping">Ends the calls under way; what they used is recorded.</param>
    public static ServedSource Of(RouteInvoker invoker, string route, CancellationToken stopping) =>
        new($"the route '{route}'", route, (request, ct) => GovernedAsync(invoker, route, request, stopping, ct), isGoverned: true);

    /// <summary>The events of an answer.</summary>
    /// <exception cref="ProviderFaultException">It failed.</exception>
    public IAsyncEnumerable<ModelEvent> AnswerAsync(ModelRequest request, CancellationToken ct) => answer(request, ct);

    private static async IAsyncEnumerable<ModelEvent> GovernedAsync(
        RouteInvoker invoker, string route, ModelRequest request, CancellationToken stopping, [EnumeratorCancellation] CancellationToken ct)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, stopping);
        await foreach (var item in RouteAsync(invoker.StreamAsync(route, request, either.Token)))
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
            var kind = (exception.InnerException as ProviderFaultException)?.Fault.Kind
                ?? (exception.Code == ErrorCodes.NoEligibleTarget ? FaultKind.InvalidRequest : FaultKind.ServerError);
            throw new ProviderFaultException(new ProviderFault(kind, "agentops", exception.Message));
        }
    }
}
