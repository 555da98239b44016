using System.Text.Json;
using AgentOps.Engine.Providers.Http;

namespace AgentOps.Engine.Providers.Anthropic;

/// <summary>
/// Anthropic's Message Batches (<c>POST /v1/messages/batches</c>): the requests go up in one body, results come down a line each.
/// Format: https://docs.claude.com/en/api/creating-message-batches. A batch has no name there: ours begins each <c>custom_id</c>.
/// </summary>
internal sealed class AnthropicBatches(ProviderDefinition definition, VendorConnection connection) : IBatchProvider
{
    private const char Between = '_';
    private const int MaximumPages = 100;

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
                json.WriteString("custom_id", $"{name}{Between}{item.Id}");
                json.WritePropertyName("params");
                _writer.Write(json, item.Request with { Stream = false });
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        });
        var batch = await connection.ExchangeAsync(secret => Authorized(HttpMethod.Post, "", secret, body), JsonBody.ReadAsync, cancellationToken).ConfigureAwait(false);
        return batch.Text("id") ?? throw new ProviderFaultException(new ProviderFault(FaultKind.Protocol, connection.Name, "The batch has no id."));
    }

    public async Task<BatchSearch> FindAsync(BatchTrace trace, CancellationToken cancellationToken)
    {
        // The list, the youngest first, tells no names: a batch of the same size and time is recognised by its first result, once there is one.
        var (running, gone) = (0, 0);
        string? after = null;
        for (var page = 0; page < MaximumPages; page++)
        {
            var from = after is null ? "" : $"&after_id={Uri.EscapeDataString(after)}";
            var list = await connection.ExchangeAsync(secret => Authorized(HttpMethod.Get, $"?limit=1000{from}", secret, null), JsonBody.ReadAsync, cancellationToken).ConfigureAwait(false);
            foreach (var batch in list.Items("data").Where(batch => IsLike(batch, trace)))
            {
                var id = batch.Text("id")!;
                if (batch.Text("processing_status") != "ended")
                {
                    running++;
                }
                else if (await FirstAsync(id, cancellationToken).ConfigureAwait(false) is not { } first)
                {
                    gone++;
                }
                else if (first.StartsWith(trace.Name + Between, StringComparison.Ordinal))
                {
                    return BatchSearch.Found(id);
                }
            }

            after = list.Text("last_id");
            if (after is null || list.Member("has_more") is not { ValueKind: JsonValueKind.True } || list.Items("data").LastOrDefault() is var last && last.Time("created_at") < trace.Earliest)
            {
                return running > 0 ? BatchSearch.Undecided(FormattableString.Invariant($"{running} of the same size and time {(running == 1 ? "runs" : "run")} there, and which batch is whose is told only when it has ended."))
                    : gone > 0 ? BatchSearch.Undecided(FormattableString.Invariant($"{gone} of the same size and time {(gone == 1 ? "has" : "have")} ended there, and the results, which tell whose they are, are no longer kept."))
                    : BatchSearch.Absent;
            }
        }

        return BatchSearch.Undecided("The account has too many batches to look through.");
    }

    public async Task<BatchProgress> GetAsync(string id, CancellationToken cancellationToken)
    {
        var batch = await connection.ExchangeAsync(
            secret => Authorized(HttpMethod.Get, "/" + Uri.EscapeDataString(id), secret, null), JsonBody.ReadAsync, cancellationToken).ConfigureAwait(false);
        var counts = batch.Member("request_counts");
        var done = Outcomes.Sum(outcome => counts.Integer(outcome) ?? 0);
        var status = batch.Text("processing_status") ?? "";
        return new BatchProgress(status == "ended", (int)done, status)
        {
            Expires = batch.Time("expires_at"),
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
        secret => Authorized(HttpMethod.Post, $"/{Uri.EscapeDataString(id)}/cancel", secret, null), JsonBody.ReadAsync, cancellationToken);

    private static bool IsLike(JsonElement batch, BatchTrace trace)
    {
        var counts = batch.Member("request_counts");
        return batch.Text("id") is { } id && !trace.Known.Contains(id)
            && batch.Time("created_at") is { } created && created >= trace.Earliest && created <= trace.Latest
            && Outcomes.Append("processing").Sum(outcome => counts.Integer(outcome) ?? 0) == trace.Count;
    }

    private static void Add(Dictionary<string, BatchItemResult> results, JsonElement line, Dictionary<string, ModelRequest> requests)
    {
        if (line.Text("custom_id") is not { } name || name[(name.LastIndexOf(Between) + 1)..] is not { } id || !requests.TryGetValue(id, out var request))
        {
            return;
        }

        var result = line.Member("result");
        results[id] = result.Text("type") switch
        {
            "succeeded" when result.Member("message") is { } message => BatchItemResult.Of(id, () => new AnthropicStreamReader(request with { Stream = false }).ReadWhole(message)),
            "expired" => BatchItemResult.Without(id, BatchOutcome.Expired, "The batch expired."),
            "canceled" => BatchItemResult.Without(id, BatchOutcome.Cancelled, "The batch was cancelled."),
            _ => new BatchItemResult(id, BatchOutcome.Failed) { Fault = AnthropicFaults.InStream(result.Member("error") ?? line) },
        };
    }

    /// <summary>The name of a batch's first result, empty where there is none; null where results are no longer kept.</summary>
    private async Task<string?> FirstAsync(string id, CancellationToken cancellationToken)
    {
        try
        {
            return await connection.ExchangeAsync(
                secret => Authorized(HttpMethod.Get, $"/{Uri.EscapeDataString(id)}/results", secret, null),
                static async (body, ct) =>
                {
                    using var reader = new StreamReader(body, leaveOpen: true);
                    if (await reader.ReadLineAsync(ct).ConfigureAwait(false) is not { } line)
                    {
                        return string.Empty;
                    }

                    using var document = JsonDocument.Parse(line);
                    return document.RootElement.Text("custom_id") ?? string.Empty;
                },
                cancellationToken).ConfigureAwait(false);
        }
        catch (ProviderFaultException exception) when (exception.Fault.Status is 404 or 410)
        {
            return null;
        }
    }

    private HttpRequestMessage Authorized(HttpMethod method, string path, string? secret, HttpContent? content)
    {
        var message = new HttpRequestMessage(method, _root + path) { Content = content };
        AnthropicProtocol.Authorize(message, secret);
        return message;
    }
}
