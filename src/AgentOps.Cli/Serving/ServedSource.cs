using System.Runtime.CompilerServices;
using AgentOps.Engine.Errors;
using AgentOps.Engine.Providers;
using AgentOps.Engine.Routing;

namespace AgentOps.Cli.Serving;

/// <summary>What answers behind the server: a provider, or a route.</summary>
internal sealed class ServedSource
{
    private readonly Func<ModelRequest, CancellationToken, IAsyncEnumerable<ModelEvent>> answer;

    private ServedSource(string name, string model, Func<ModelRequest, CancellationToken, IAsyncEnumerable<ModelEvent>> answer)
    {
        Name = name;
        Model = model;
        this.answer = answer;
    }

    public string Name { get; }

    /// <summary>What a client that asks for models is told; any name is taken in a call.</summary>
    public string Model { get; }

    public static ServedSource Of(IModelProvider provider) => new($"the provider '{provider.Name}'", provider.Name, provider.StreamAsync);

    public static ServedSource Of(Router router, RouteDefinition route) =>
        new($"the route '{route.Name}'", route.Name, (request, ct) => RouteAsync(router, route, request, ct));

    /// <summary>The events of an answer.</summary>
    /// <exception cref="ProviderFaultException">It failed.</exception>
    public IAsyncEnumerable<ModelEvent> AnswerAsync(ModelRequest request, CancellationToken ct) => answer(request, ct);

    private static async IAsyncEnumerable<ModelEvent> RouteAsync(
        Router router, RouteDefinition route, ModelRequest request, [EnumeratorCancellation] CancellationToken ct)
    {
        var events = router.InvokeAsync(new RouteRequest(route, request), ct).GetAsyncEnumerator(ct);
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
