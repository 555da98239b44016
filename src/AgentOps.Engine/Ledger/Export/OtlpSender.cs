using System.Net.Http.Headers;
using AgentOps.Engine.Errors;

namespace AgentOps.Engine.Ledger;

/// <summary>Sends the spans of a ledger to an OpenTelemetry collector by OTLP over HTTP, in JSON.</summary>
public static class OtlpSender
{
    /// <summary>Sends what a query asks for.</summary>
    /// <param name="store">The ledger.</param>
    /// <param name="query">Which records.</param>
    /// <param name="client">Sends; headers of the collector, such as a token, are its own.</param>
    /// <param name="endpoint">The collector, for example <c>http://localhost:4318</c>; <c>/v1/traces</c> is added.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>How many requests were sent.</returns>
    /// <exception cref="AgentOpsException">StoreUnavailable: the collector can't be reached or refuses.</exception>
    public static async ValueTask<int> SendAsync(ILedgerStore store, LedgerQuery query, HttpClient client, Uri endpoint, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(endpoint);
        using var spans = new MemoryStream();
        await LedgerExporter.ExportAsync(store, LedgerExportFormat.OpenTelemetry, query, spans, cancellationToken).ConfigureAwait(false);
        spans.Position = 0;
        using var reader = new StreamReader(spans);
        var target = new Uri(endpoint.AbsoluteUri.TrimEnd('/') + "/v1/traces");
        var count = 0;
        while (await reader.ReadLineAsync(cancellationToken).ConfigureAwait(false) is { } line)
        {
            try
            {
                using var content = new StringContent(line, MediaTypeHeaderValue.Parse("application/json"));
                using var response = await client.PostAsync(target, content, cancellationToken).ConfigureAwait(false);
                response.EnsureSuccessStatusCode();
                count++;
            }
            catch (HttpRequestException exception)
            {
                throw new AgentOpsException(ErrorCodes.StoreUnavailable, $"The collector at '{target}' did not take the spans: {exception.Message}", target.ToString(),
                    "Check the address of the collector and that it takes OTLP over HTTP in JSON.", exception);
            }
        }

        return count;
    }
}
