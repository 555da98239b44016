using System.Globalization;
using System.Text.Json;
using AgentOps.Engine.Providers.Http;

namespace AgentOps.Engine.Providers.Gemini;

/// <summary>
/// Google's batches (<c>POST /v1beta/models/M:batchGenerateContent</c>): the requests go up in one body, and an operation holds the
/// answers when it is done. Format: https://ai.google.dev/api/batch-api, https://ai.google.dev/gemini-api/docs/batch-api, and
/// @google/genai 2.32.0. Its other way in, a file, is not used: a batch is held to what goes inline.
/// </summary>
internal sealed class GeminiBatches(ProviderDefinition definition, VendorConnection connection) : IBatchProvider
{
    // "smaller batches that keep the total request size under 20MB"
    private const int MaximumBody = 20_000_000;
    private const int MaximumPages = 100;
    private const string StateMark = "_STATE_";

    private readonly string _root = GeminiProtocol.RootOf(definition);

    public int MaximumItems => 50_000;

    public async Task<string> SubmitAsync(IReadOnlyList<BatchItem> items, string name, CancellationToken cancellationToken)
    {
        var content = JsonBody.Create(json => Write(json, items, name), out var body);
        if (body.Length > MaximumBody)
        {
            throw new ProviderFaultException(new ProviderFault(FaultKind.InvalidRequest, connection.Name, string.Create(CultureInfo.InvariantCulture,
                $"The prompts are {body.Length / 1_000_000m:0.#} MB, and a batch takes {MaximumBody / 1_000_000} MB inline. Send them as several batches.")));
        }

        var operation = await connection.ExchangeAsync(
            secret => Authorized(HttpMethod.Post, GeminiProtocol.AddressOf(_root, items[0].Request.Model, "batchGenerateContent"), secret, content), JsonBody.ReadAsync, cancellationToken).ConfigureAwait(false);
        return operation.Text("name") ?? throw new ProviderFaultException(new ProviderFault(FaultKind.Protocol, connection.Name, "The batch has no name."));
    }

    public async Task<BatchSearch> FindAsync(BatchTrace trace, CancellationToken cancellationToken)
    {
        // In no documented order: only a whole page of older ones ends the search.
        string? token = null;
        for (var page = 0; page < MaximumPages; page++)
        {
            var from = token is null ? "" : $"&pageToken={Uri.EscapeDataString(token)}";
            var list = await connection.ExchangeAsync(secret => Authorized(HttpMethod.Get, $"{_root}/batches?pageSize=100{from}", secret, null), JsonBody.ReadAsync, cancellationToken).ConfigureAwait(false);
            var batches = list.Items("operations").ToArray();
            if (batches.FirstOrDefault(batch => batch.Member("metadata").Text("displayName") == trace.Name).Text("name") is { } id)
            {
                return BatchSearch.Found(id);
            }

            token = list.Text("nextPageToken");
            if (string.IsNullOrEmpty(token) || batches.All(batch => batch.Member("metadata").Time("createTime") < trace.Earliest))
            {
                return BatchSearch.Absent;
            }
        }

        return BatchSearch.Undecided("The account has too many batches to look through.");
    }

    public async Task<BatchProgress> GetAsync(string id, CancellationToken cancellationToken)
    {
        var batch = await OperationAsync(id, cancellationToken).ConfigureAwait(false);
        var stats = batch.Member("metadata").Member("batchStats");
        var state = StateOf(batch);
        return new BatchProgress(
            batch.Member("done") is { ValueKind: JsonValueKind.True } || state is "SUCCEEDED" or "FAILED" or "CANCELLED" or "EXPIRED",
            (int)((stats?.Amount("successfulRequestCount") ?? 0) + (stats?.Amount("failedRequestCount") ?? 0)),
            state);
    }

    public async Task<IReadOnlyList<BatchItemResult>> ReadAsync(string id, IReadOnlyList<BatchItem> items, CancellationToken cancellationToken)
    {
        var batch = await OperationAsync(id, cancellationToken).ConfigureAwait(false);
        var requests = items.ToDictionary(item => item.Id, item => item.Request);
        var results = new Dictionary<string, BatchItemResult>();

        // The operation's own result, where it has one, is what its metadata tell.
        var output = batch.Member("response").Member("inlinedResponses") ?? batch.Member("metadata").Member("output").Member("inlinedResponses");
        foreach (var answer in output.Items("inlinedResponses"))
        {
            if (answer.Member("metadata").Text("key") is { } key && requests.TryGetValue(key, out var request))
            {
                results[key] = Result(key, answer, request);
            }
        }

        var state = StateOf(batch);
        var why = batch.Member("error").Text("message");
        return [.. items.Select(item => results.GetValueOrDefault(item.Id) ?? Missing(item.Id, state, why))];
    }

    public Task CancelAsync(string id, CancellationToken cancellationToken) => connection.ExchangeAsync(
        secret => Authorized(HttpMethod.Post, AddressOf(id) + ":cancel", secret, JsonBody.Empty()),
        static (_, _) => Task.FromResult(true),
        cancellationToken);

    private static void Write(Utf8JsonWriter json, IReadOnlyList<BatchItem> items, string name)
    {
        json.WriteStartObject();
        json.WriteStartObject("batch");
        json.WriteString("displayName", name);
        json.WriteStartObject("inputConfig");
        json.WriteStartObject("requests");
        json.WriteStartArray("requests");
        foreach (var item in items)
        {
            json.WriteStartObject();
            json.WritePropertyName("request");
            GeminiRequestWriter.Write(json, item.Request with { Stream = false });
            json.WriteStartObject("metadata");
            json.WriteString("key", item.Id);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static string StateOf(JsonElement batch)
    {
        // Pages and clients of the vendor write BATCH_STATE_ and JOB_STATE_.
        var state = batch.Member("metadata").Text("state") ?? "";
        var end = state.IndexOf(StateMark, StringComparison.Ordinal);
        return end < 0 ? state : state[(end + StateMark.Length)..];
    }

    private static BatchItemResult Result(string key, JsonElement answer, ModelRequest request)
    {
        if (answer.Member("response") is not { } response)
        {
            return new BatchItemResult(key, BatchOutcome.Failed) { Fault = GeminiFaults.InBatch(answer.Member("error") ?? answer) };
        }

        return BatchItemResult.Of(key, () =>
        {
            var reader = new GeminiStreamReader(request with { Stream = false });
            return [.. reader.Read(response), reader.Complete()];
        });
    }

    private static BatchItemResult Missing(string id, string state, string? why) => state switch
    {
        "EXPIRED" => BatchItemResult.Without(id, BatchOutcome.Expired, why ?? "The batch expired."),
        "CANCELLED" => BatchItemResult.Without(id, BatchOutcome.Cancelled, why ?? "The batch was cancelled."),
        _ => BatchItemResult.Without(id, BatchOutcome.Failed, why ?? "The provider gave no result of this request."),
    };

    private string AddressOf(string id) => $"{_root}/{string.Join('/', id.Split('/').Select(Uri.EscapeDataString))}";

    private Task<JsonElement> OperationAsync(string id, CancellationToken cancellationToken) =>
        connection.ExchangeAsync(secret => Authorized(HttpMethod.Get, AddressOf(id), secret, null), JsonBody.ReadAsync, cancellationToken);

    private static HttpRequestMessage Authorized(HttpMethod method, string address, string? secret, HttpContent? content)
    {
        var message = new HttpRequestMessage(method, address) { Content = content };
        if (secret is not null)
        {
            message.Headers.TryAddWithoutValidation("x-goog-api-key", secret);
        }

        return message;
    }
}
