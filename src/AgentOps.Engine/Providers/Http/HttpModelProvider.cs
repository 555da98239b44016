using System.Runtime.CompilerServices;

namespace AgentOps.Engine.Providers.Http;

/// <summary>A provider over HTTP: one connection, one protocol. One call is one request: it never retries.</summary>
internal sealed class HttpModelProvider(IWireProtocol protocol, VendorConnection connection) : IModelProvider
{
    public string Name => connection.Name;

    public string Kind => protocol.Kind;

    public async IAsyncEnumerable<ModelEvent> StreamAsync(ModelRequest request, [EnumeratorCancellation] CancellationToken ct)
    {
        var secret = await connection.SecretAsync(ct).ConfigureAwait(false);
        (request, var names) = ToolNames.ForWire(request);
        using var message = protocol.Write(request, secret);
        await connection.AddHeadersAsync(message, ct).ConfigureAwait(false);
        using var clock = connection.Clock(ct);
        using var response = await connection.SendAsync(message, secret, clock, ct).ConfigureAwait(false);
        request.HeadersArrived?.Invoke();
        var body = new ClockedStream(await response.Content.ReadAsStreamAsync(ct).ConfigureAwait(false), clock);
        await using (body.ConfigureAwait(false))
        {
            var events = protocol.ReadAsync(body, request, clock.Token).GetAsyncEnumerator(clock.Token);
            await using (events.ConfigureAwait(false))
            {
                while (await NextAsync(events, secret, clock, ct).ConfigureAwait(false))
                {
                    yield return names is not null && events.Current is ToolCallProposed { Call: var call }
                        ? new ToolCallProposed(call with { Name = names.GetValueOrDefault(call.Name, call.Name) })
                        : events.Current;
                }
            }
        }
    }

    private async ValueTask<bool> NextAsync(IAsyncEnumerator<ModelEvent> events, string? secret, CallClock clock, CancellationToken ct)
    {
        try
        {
            return await events.MoveNextAsync().ConfigureAwait(false);
        }
        catch (ProviderFaultException exception)
        {
            // A protocol that reads an error within a stream doesn't know whose it is.
            throw connection.Own(exception, secret);
        }
        catch (Exception exception)
        {
            throw connection.Translate(exception, true, secret, clock, ct);
        }
    }
}
