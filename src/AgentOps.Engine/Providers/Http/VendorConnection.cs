using System.Text;
using System.Text.Json;
using AgentOps.Engine.Errors;

namespace AgentOps.Engine.Providers.Http;

/// <summary>
/// One provider's way over HTTP: its connection pool, its secret (resolved at each call, removed from whatever comes back), its
/// time-outs, and what a failure means. It never retries.
/// </summary>
internal sealed class VendorConnection(
    ProviderDefinition definition,
    Func<FailedResponse, ProviderFault> readFault,
    HttpMessageInvoker http,
    ISecretResolver secrets,
    TimeProvider timeProvider)
{
    private const int MaximumFaultBody = 64 * 1024;

    private readonly ProviderTimeouts _timeouts = ProviderTimeouts.FromOptions(definition.Options);

    public string Name => definition.Name;

    public CallClock Clock(CancellationToken ct) => new(_timeouts, timeProvider, ct);

    /// <summary>The provider's credential; null where it has none.</summary>
    public ValueTask<string?> SecretAsync(CancellationToken ct) => ResolveAsync(definition.Secret, ct);

    /// <summary>Adds the provider's further headers.</summary>
    public async ValueTask AddHeadersAsync(HttpRequestMessage message, CancellationToken ct)
    {
        foreach (var (name, value) in definition.Headers)
        {
            message.Headers.Remove(name);
            var header = value.StartsWith("env:", StringComparison.Ordinal) || value.StartsWith("vault:", StringComparison.Ordinal)
                ? await ResolveAsync(value, ct).ConfigureAwait(false)
                : value;
            message.Headers.TryAddWithoutValidation(name, header);
        }
    }

    /// <summary>Sends; a response without success is thrown as its fault.</summary>
    /// <exception cref="ProviderFaultException">It failed.</exception>
    public async Task<HttpResponseMessage> SendAsync(HttpRequestMessage message, string? secret, CallClock clock, CancellationToken ct)
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
            var fault = readFault(new FailedResponse(
                Name, (int)response.StatusCode, response.Headers, Redact(body, secret), timeProvider.GetUtcNow()));

            // Once more: what was escaped in the body is plain in what was read from it.
            throw new ProviderFaultException(fault with { Detail = Redact(fault.Detail, secret) });
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

    /// <summary>One request and its whole answer.</summary>
    /// <param name="write">The request, from the secret.</param>
    /// <param name="read">Reads the answer's body.</param>
    /// <param name="ct">Stops it.</param>
    /// <exception cref="ProviderFaultException">It failed.</exception>
    public async Task<T> ExchangeAsync<T>(Func<string?, HttpRequestMessage> write, Func<Stream, CancellationToken, Task<T>> read, CancellationToken ct)
    {
        var secret = await SecretAsync(ct).ConfigureAwait(false);
        using var message = write(secret);
        await AddHeadersAsync(message, ct).ConfigureAwait(false);
        using var clock = Clock(ct);
        using var response = await SendAsync(message, secret, clock, ct).ConfigureAwait(false);
        var body = new ClockedStream(await response.Content.ReadAsStreamAsync(ct).ConfigureAwait(false), clock);
        await using (body.ConfigureAwait(false))
        {
            try
            {
                return await read(body, clock.Token).ConfigureAwait(false);
            }
            catch (ProviderFaultException exception)
            {
                throw Own(exception, secret);
            }
            catch (Exception exception)
            {
                throw Translate(exception, true, secret, clock, ct);
            }
        }
    }

    /// <summary>A fault that was read within an answer, as this provider's and without its secret.</summary>
    public ProviderFaultException Own(ProviderFaultException exception, string? secret) =>
        new(exception.Fault with { Provider = Name, Detail = Redact(exception.Fault.Detail, secret) });

    /// <summary>What an exception means.</summary>
    public Exception Translate(Exception exception, bool answered, string? secret, CallClock clock, CancellationToken ct)
    {
        switch (exception)
        {
            case OperationCanceledException when ct.IsCancellationRequested:
                return new OperationCanceledException("The call was cancelled.", exception, ct);
            case OperationCanceledException when clock.TimedOut() is { } timedOut:
                return Fault(FaultKind.TimedOut, timedOut);
            case OperationCanceledException:
                return Fault(FaultKind.Unreachable, $"No connection within {_timeouts.Connect.TotalSeconds:0.#} s.", neverBegan: true);
            case JsonException or FormatException or InvalidDataException:
                return Fault(FaultKind.Protocol, $"The answer is not in the protocol's form: {Redact(exception.Message, secret)}");
            case IOException or HttpRequestException when answered:
                return Fault(FaultKind.Interrupted, $"The answer broke off: {Redact(exception.Message, secret)}");
            case IOException or HttpRequestException:
                return Fault(FaultKind.Unreachable, $"Not reachable: {Redact(exception.Message, secret)}", NeverStood(exception));
            default:
                return exception;
        }
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

    private static string Redact(string text, string? secret) =>
        string.IsNullOrEmpty(secret) ? text : text.Replace(secret, "[redacted]", StringComparison.Ordinal);

    // The cause is left out on purpose: an inner exception's text can't be cleared of secrets.
    private ProviderFaultException Fault(FaultKind kind, string detail, bool neverBegan = false) => new(new ProviderFault(kind, Name, detail) { NeverBegan = neverBegan });

    // Else the request may have arrived, and its answer got lost.
    private static bool NeverStood(Exception exception) => exception is HttpRequestException
    {
        HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError or HttpRequestError.ProxyTunnelError,
    };

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
}
