using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using AgentOps.Engine.Errors;

namespace AgentOps.Engine.Providers.Http;

/// <summary>A provider over HTTP: one connection pool, one protocol. One call is one request: it never retries.</summary>
internal sealed class HttpModelProvider(
    ProviderDefinition definition,
    IWireProtocol protocol,
    HttpMessageInvoker http,
    ISecretResolver secrets,
    TimeProvider timeProvider) : IModelProvider
{
    private const int MaximumFaultBody = 64 * 1024;

    private readonly ProviderTimeouts timeouts = ProviderTimeouts.FromOptions(definition.Options);

    public string Name => definition.Name;

    public string Kind => protocol.Kind;

    public async IAsyncEnumerable<ModelEvent> StreamAsync(ModelRequest request, [EnumeratorCancellation] CancellationToken ct)
    {
        var secret = await ResolveAsync(definition.Secret, ct).ConfigureAwait(false);
        (request, var names) = ToolNames.ForWire(request);
        using var message = protocol.Write(request, secret);
        foreach (var (name, value) in definition.Headers)
        {
            message.Headers.Remove(name);
            var header = value.StartsWith("env:", StringComparison.Ordinal) || value.StartsWith("vault:", StringComparison.Ordinal)
                ? await ResolveAsync(value, ct).ConfigureAwait(false)
                : value;
            message.Headers.TryAddWithoutValidation(name, header);
        }

        using var clock = new CallClock(timeouts, timeProvider, ct);
        using var response = await SendAsync(message, secret, clock, ct).ConfigureAwait(false);
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

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage message, string? secret, CallClock clock, CancellationToken ct)
    {
        HttpResponseMessage? response = null;
        try
        {
            response = await http.SendAsync(message, clock.Token).ConfigureAwait(false);
            clock.Wind();
            if (response.IsSuccessStatusCode)
            {
                return response;
            }

            var body = await ReadFaultBodyAsync(response, clock.Token).ConfigureAwait(false);
            var fault = protocol.ReadFault(new FailedResponse(
                Name, (int)response.StatusCode, response.Headers, Redact(body, secret), timeProvider.GetUtcNow()));
            throw new ProviderFaultException(fault);
        }
        catch (Exception exception) when (exception is not ProviderFaultException)
        {
            response?.Dispose();
            throw Translate(exception, response is not null, secret, clock, ct);
        }
        catch
        {
            response?.Dispose();
            throw;
        }
    }

    private async ValueTask<bool> NextAsync(
        IAsyncEnumerator<ModelEvent> events, string? secret, CallClock clock, CancellationToken ct)
    {
        try
        {
            return await events.MoveNextAsync().ConfigureAwait(false);
        }
        catch (ProviderFaultException exception) when (exception.Fault.Provider.Length == 0 || MentionsSecret(exception, secret))
        {
            // A protocol that reads an error within a stream doesn't know whose it is.
            throw new ProviderFaultException(
                exception.Fault with { Provider = Name, Detail = Redact(exception.Fault.Detail, secret) });
        }
        catch (Exception exception) when (exception is not ProviderFaultException)
        {
            throw Translate(exception, true, secret, clock, ct);
        }
    }

    private Exception Translate(Exception exception, bool answered, string? secret, CallClock clock, CancellationToken ct)
    {
        switch (exception)
        {
            case OperationCanceledException when ct.IsCancellationRequested:
                return new OperationCanceledException("The call was cancelled.", exception, ct);
            case OperationCanceledException when clock.TimedOut() is { } timedOut:
                return Fault(FaultKind.TimedOut, timedOut);
            case OperationCanceledException:
                return Fault(FaultKind.Unreachable, $"No connection within {timeouts.Connect.TotalSeconds:0.#} s.");
            case JsonException or FormatException or InvalidDataException:
                return Fault(FaultKind.Protocol, $"The answer is not in the protocol's form: {Redact(exception.Message, secret)}");
            case IOException or HttpRequestException when answered:
                return Fault(FaultKind.Interrupted, $"The answer broke off: {Redact(exception.Message, secret)}");
            case IOException or HttpRequestException:
                return Fault(FaultKind.Unreachable, $"Not reachable: {Redact(exception.Message, secret)}");
            default:
                return exception;
        }
    }

    // The cause is left out on purpose: an inner exception's text can't be cleared of secrets.
    private ProviderFaultException Fault(FaultKind kind, string detail) => new(new ProviderFault(kind, Name, detail));

    private async ValueTask<string?> ResolveAsync(string? reference, CancellationToken ct)
    {
        if (reference is null)
        {
            return null;
        }

        var value = (await secrets.ResolveAsync(reference, ct).ConfigureAwait(false)).Trim();
        foreach (var character in value)
        {
            if (character is < ' ' or > '~')
            {
                throw new AgentOpsException(ErrorCodes.SecretReferenceInvalid,
                    $"The secret of provider '{Name}' has characters that no HTTP header can carry.", Name,
                    "Store the key alone, without line breaks or quotes.");
            }
        }

        return value;
    }

    private static async Task<string> ReadFaultBodyAsync(HttpResponseMessage response, CancellationToken ct)
    {
        var stream = await response.Content.ReadAsStreamAsync(ct).ConfigureAwait(false);
        var buffer = new byte[MaximumFaultBody];
        var length = 0;
        try
        {
            int read;
            while (length < buffer.Length && (read = await stream.ReadAsync(buffer.AsMemory(length), ct).ConfigureAwait(false)) > 0)
            {
                length += read;
            }
        }
        catch (Exception exception) when (exception is IOException or HttpRequestException)
        {
            // The status alone has to do.
        }

        return Encoding.UTF8.GetString(buffer, 0, length);
    }

    private static bool MentionsSecret(ProviderFaultException exception, string? secret) =>
        !string.IsNullOrEmpty(secret) && exception.Fault.Detail.Contains(secret, StringComparison.Ordinal);

    private static string Redact(string text, string? secret) =>
        string.IsNullOrEmpty(secret) ? text : text.Replace(secret, "[secret]", StringComparison.Ordinal);
}
