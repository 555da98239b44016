using System.Text.Json;
using AgentOps.Engine.Providers.Http;

namespace AgentOps.Engine.Providers.Anthropic;

/// <summary>
/// Anthropic's Message Batches (<c>POST /v1/messages/batches</c>): the requests go up in one body, results come down a line each.
/// Format: https://docs.claude.com/en/api/creating-message-batches.
/// </summary>
internal sealed class AnthropicBatches(ProviderDefinition definition, VendorConnection connection) : IBatchProvider
{
    private static readonly string[] Outcomes = ["succeeded", "errored", "canceled", "expired"];

    private readonly string _root = AnthropicProtocol.AddressOf(definition) + "/batches";
    private readonly AnthropicRequestWriter _writer = AnthropicProtocol.WriterOf(definition);

    public int MaximumItems => 100_000;

    public async Task<string> SubmitAsync(IReadOnlyList<BatchItem> items, string name, CancellationToken cancellationToken)
    {
        var body = JsonBody.Create(json =>
        {
            json.WriteStartObject();
            json.WriteStartArray("requests");
            foreach (var item in items)
            {
                json.WriteStartObject();
                json.WriteString("custom_id", item.Id);
                json.WritePropertyName("params");
                _writer.Write(json, item.Request with { Stream = false });
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        });
        var batch = await connection.ExchangeAsync(secret => Authorized(HttpMethod.Post, "", secret, body), ParseAsync, cancellationToken).ConfigureAwait(false);
        return batch.Text("id") ?? throw new ProviderFaultException(new ProviderFault(FaultKind.Protocol, connection.Name, "The batch has no id."));
    }

    public async Task<BatchProgress> GetAsync(string id, CancellationToken cancellationToken)
    {
        var batch = await connection.ExchangeAsync(
            secret => Authorized(HttpMethod.Get, "/" + Uri.EscapeDataString(id), secret, null), ParseAsync, cancellationToken).ConfigureAwait(false);
        var counts = batch.Member("request_counts");
        var done = Outcomes.Sum(outcome => counts.Integer(outcome) ?? 0);
        var status = batch.Text("processing_status") ?? "";
        return new BatchProgress(status == "ended", (int)done, status)
        {
            Expires = DateTimeOffset.TryParse(batch.Text("expires_at"), System.Globalization.CultureInfo.InvariantCulture, out var expires) ? expires.ToUniversalTime() : null,
        };
    }

    public async Task<IReadOnlyList<BatchItemResult>> ReadAsync(string id, IReadOnlyList<BatchItem> items, CancellationToken cancellationToken)
    {
        // The batch names an address of its results; the documented path is used instead, because the key must not follow an answer elsewhere.
        var requests = items.ToDictionary(item => item.Id, item => item.Request);
        var results = await connection.ExchangeAsync(
            secret => Authorized(HttpMethod.Get, $"/{Uri.EscapeDataString(id)}/results", secret, null),
            async (body, ct) =>
            {
                var found = new Dictionary<string, BatchItemResult>();
                await JsonLines.ReadAsync(body, line => Add(found, line, requests), ct).ConfigureAwait(false);
                return found;
            },
            cancellationToken).ConfigureAwait(false);
        return [.. items.Select(item => results.GetValueOrDefault(item.Id)
            ?? BatchItemResult.Without(item.Id, BatchOutcome.Failed, "The provider gave no result of this request."))];
    }

    public Task CancelAsync(string id, CancellationToken cancellationToken) => connection.ExchangeAsync(
        secret => Authorized(HttpMethod.Post, $"/{Uri.EscapeDataString(id)}/cancel", secret, null), ParseAsync, cancellationToken);

    private static void Add(Dictionary<string, BatchItemResult> results, JsonElement line, Dictionary<string, ModelRequest> requests)
    {
        if (line.Text("custom_id") is not { } id || !requests.TryGetValue(id, out var request))
        {
            return;
        }

        var result = line.Member("result");
        results[id] = result.Text("type") switch
        {
            "succeeded" when result.Member("message") is { } message => Answer(id, message, request),
            "expired" => BatchItemResult.Without(id, BatchOutcome.Expired, "The batch expired."),
            "canceled" => BatchItemResult.Without(id, BatchOutcome.Cancelled, "The batch was cancelled."),
            _ => new BatchItemResult(id, BatchOutcome.Failed) { Fault = AnthropicFaults.InStream(result.Member("error") ?? line) },
        };
    }

    private static BatchItemResult Answer(string id, JsonElement message, ModelRequest request)
    {
        try
        {
            return BatchItemResult.Of(id, new AnthropicStreamReader(request with { Stream = false }).ReadWhole(message));
        }
        catch (ProviderFaultException exception)
        {
            return new BatchItemResult(id, BatchOutcome.Failed) { Fault = exception.Fault };
        }
    }

    private static async Task<JsonElement> ParseAsync(Stream body, CancellationToken ct)
    {
        using var document = await JsonDocument.ParseAsync(body, default, ct).ConfigureAwait(false);
        return document.RootElement.Clone();
    }

    private HttpRequestMessage Authorized(HttpMethod method, string path, string? secret, HttpContent? content)
    {
        var message = new HttpRequestMessage(method, _root + path) { Content = content };
        AnthropicProtocol.Authorize(message, secret);
        return message;
    }
}
