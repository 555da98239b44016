using System.Buffers;
using System.Net.Http.Headers;
using System.Text.Json;
using AgentOps.Engine.Providers.Http;

namespace AgentOps.Engine.Providers.OpenAI;

/// <summary>
/// OpenAI's and Azure's batches of Chat Completions (<c>POST /v1/files</c>, <c>POST /v1/batches</c>): a file of requests, a line each, goes
/// up; a file of answers and one of errors come down. Format: https://platform.openai.com/docs/guides/batch.
/// </summary>
/// <param name="dialect">The addresses.</param>
/// <param name="connection">The way there.</param>
/// <param name="time">An upload may be read only after a while.</param>
internal sealed class OpenAIBatches(OpenAIBatchDialect dialect, VendorConnection connection, TimeProvider time) : IBatchProvider
{
    private const string NameKey = "agentops_batch";
    private const int MaximumPages = 100;
    private const int MaximumWaits = 120;

    private static readonly TimeSpan Wait = TimeSpan.FromSeconds(1);

    public int MaximumItems => 50_000;

    public async Task<string> SubmitAsync(IReadOnlyList<BatchItem> items, string name, CancellationToken cancellationToken)
    {
        var file = await BatchPreparation.RunAsync(UploadAsync(Lines(items), name, cancellationToken)).ConfigureAwait(false);
        var body = JsonBody.Create(json =>
        {
            json.WriteStartObject();
            json.WriteString("input_file_id", file);
            json.WriteString("endpoint", dialect.Endpoint);
            json.WriteString("completion_window", "24h");
            json.WriteStartObject("metadata");
            json.WriteString(NameKey, name);
            json.WriteEndObject();
            json.WriteEndObject();
        });
        return await connection.ExchangeAsync(secret => Authorized(HttpMethod.Post, "/batches", secret, body), IdAsync, cancellationToken).ConfigureAwait(false);
    }

    public async Task<BatchSearch> FindAsync(BatchTrace trace, CancellationToken cancellationToken)
    {
        // The youngest first; the order is not documented, so that only a whole page of older ones ends the search.
        string? after = null;
        for (var page = 0; page < MaximumPages; page++)
        {
            var from = after is null ? "" : $"&after={Uri.EscapeDataString(after)}";
            var list = await connection.ExchangeAsync(secret => Authorized(HttpMethod.Get, $"/batches?limit=100{from}", secret, null), JsonBody.ReadAsync, cancellationToken).ConfigureAwait(false);
            var batches = list.Items("data").ToArray();
            if (batches.FirstOrDefault(batch => batch.Member("metadata").Text(NameKey) == trace.Name).Text("id") is { } id)
            {
                return BatchSearch.Found(id);
            }

            after = batches.LastOrDefault().Text("id");
            if (after is null || list.Member("has_more") is not { ValueKind: JsonValueKind.True }
                || batches.All(batch => batch.Integer("created_at") < trace.Earliest.ToUnixTimeSeconds()))
            {
                return BatchSearch.Absent;
            }
        }

        return BatchSearch.Undecided("The account has too many batches to look through.");
    }

    public async Task<BatchProgress> GetAsync(string id, CancellationToken cancellationToken)
    {
        var batch = await BatchAsync(id, cancellationToken).ConfigureAwait(false);
        var counts = batch.Member("request_counts");
        var status = batch.Text("status") ?? "";
        return new BatchProgress(
            status is "completed" or "failed" or "expired" or "cancelled",
            (int)((counts.Integer("completed") ?? 0) + (counts.Integer("failed") ?? 0)),
            status)
        {
            Expires = batch.Integer("expires_at") is { } seconds ? DateTimeOffset.FromUnixTimeSeconds(seconds) : null,
        };
    }

    public async Task<IReadOnlyList<BatchItemResult>> ReadAsync(string id, IReadOnlyList<BatchItem> items, CancellationToken cancellationToken)
    {
        var batch = await BatchAsync(id, cancellationToken).ConfigureAwait(false);
        var requests = items.ToDictionary(item => item.Id, item => item.Request);
        var results = new Dictionary<string, BatchItemResult>();
        foreach (var file in new[] { batch.Text("output_file_id"), batch.Text("error_file_id") })
        {
            // Azure writes an empty text where there is none.
            if (!string.IsNullOrEmpty(file))
            {
                await connection.ExchangeAsync(
                    secret => Authorized(HttpMethod.Get, $"/files/{Uri.EscapeDataString(file)}/content", secret, null),
                    async (body, ct) =>
                    {
                        await JsonLines.ReadAsync(body, line => Add(results, line, requests), ct).ConfigureAwait(false);
                        return true;
                    },
                    cancellationToken).ConfigureAwait(false);
            }
        }

        var status = batch.Text("status");
        var why = batch.Member("errors").Items("data").Select(error => error.Text("message")).FirstOrDefault(message => message is not null);
        return [.. items.Select(item => results.GetValueOrDefault(item.Id) ?? Missing(item.Id, status, why))];
    }

    public Task CancelAsync(string id, CancellationToken cancellationToken) => connection.ExchangeAsync(
        secret => Authorized(HttpMethod.Post, $"/batches/{Uri.EscapeDataString(id)}/cancel", secret, JsonBody.Empty()),
        IdAsync,
        cancellationToken);

    private static void Add(Dictionary<string, BatchItemResult> results, JsonElement line, Dictionary<string, ModelRequest> requests)
    {
        if (line.Text("custom_id") is not { } id || !requests.TryGetValue(id, out var request))
        {
            return;
        }

        var error = line.Member("error");
        var response = line.Member("response");
        var body = response.Member("body");
        results[id] = error.Text("code") switch
        {
            "batch_expired" => BatchItemResult.Without(id, BatchOutcome.Expired, error.Text("message") ?? "The batch expired."),
            "batch_cancelled" => BatchItemResult.Without(id, BatchOutcome.Cancelled, error.Text("message") ?? "The batch was cancelled."),
            not null => BatchItemResult.Without(id, BatchOutcome.Failed, error.Text("message") ?? error.Text("code")!),
            null when response.Integer("status_code") is >= 200 and < 300 && body is { } answer => BatchItemResult.Of(id, () => OpenAIAnswer.Read(answer, request)),
            null => new BatchItemResult(id, BatchOutcome.Failed) { Fault = OpenAIFaults.InBatch((int)(response.Integer("status_code") ?? 500), body) },
        };
    }

    private static BatchItemResult Missing(string id, string? status, string? why) => status switch
    {
        "expired" => BatchItemResult.Without(id, BatchOutcome.Expired, "The batch expired."),
        "cancelled" => BatchItemResult.Without(id, BatchOutcome.Cancelled, "The batch was cancelled."),
        _ => BatchItemResult.Without(id, BatchOutcome.Failed, why ?? "The provider gave no result of this request."),
    };

    private static async Task<string> IdAsync(Stream body, CancellationToken ct)
    {
        using var document = await JsonDocument.ParseAsync(body, default, ct).ConfigureAwait(false);
        return document.RootElement.Text("id") ?? throw new FormatException("it has no id.");
    }

    private Task<JsonElement> BatchAsync(string id, CancellationToken cancellationToken) =>
        connection.ExchangeAsync(secret => Authorized(HttpMethod.Get, $"/batches/{Uri.EscapeDataString(id)}", secret, null), JsonBody.ReadAsync, cancellationToken);

    private byte[] Lines(IReadOnlyList<BatchItem> items)
    {
        var buffer = new ArrayBufferWriter<byte>();
        foreach (var item in items)
        {
            JsonLines.Append(buffer, json =>
            {
                json.WriteStartObject();
                json.WriteString("custom_id", item.Id);
                json.WriteString("method", "POST");
                json.WriteString("url", dialect.Endpoint);
                json.WritePropertyName("body");
                dialect.Writer.Write(json, item.Request with { Stream = false });
                json.WriteEndObject();
            });
        }

        return buffer.WrittenSpan.ToArray();
    }

    // Azure tells of an upload before it has read it, and takes no batch over it before.
    private async Task<string> UploadAsync(byte[] lines, string name, CancellationToken cancellationToken)
    {
        var file = await connection.ExchangeAsync(secret => Authorized(HttpMethod.Post, "/files", secret, Upload(lines, name)), JsonBody.ReadAsync, cancellationToken).ConfigureAwait(false);
        var id = file.Text("id") ?? throw new ProviderFaultException(new ProviderFault(FaultKind.Protocol, connection.Name, "The file has no id."));
        for (var waits = 0; file.Text("status") is "pending" or "running"; waits++)
        {
            if (waits == MaximumWaits)
            {
                throw new ProviderFaultException(new ProviderFault(FaultKind.TimedOut, connection.Name, $"The uploaded file {id} was not read in time."));
            }

            await Task.Delay(Wait, time, cancellationToken).ConfigureAwait(false);
            file = await connection.ExchangeAsync(secret => Authorized(HttpMethod.Get, $"/files/{Uri.EscapeDataString(id)}", secret, null), JsonBody.ReadAsync, cancellationToken).ConfigureAwait(false);
        }

        return file.Text("status") == "error"
            ? throw new ProviderFaultException(new ProviderFault(FaultKind.InvalidRequest, connection.Name, $"The uploaded file {id} could not be read: {file.Text("status_details") ?? file.Member("error").Text("message") ?? "no reason was given"}"))
            : id;
    }

    private static MultipartFormDataContent Upload(byte[] lines, string name)
    {
        var file = new ByteArrayContent(lines);
        file.Headers.ContentType = new MediaTypeHeaderValue("application/jsonl");
        return new MultipartFormDataContent { { new StringContent("batch"), "purpose" }, { file, "file", name + ".jsonl" } };
    }

    private HttpRequestMessage Authorized(HttpMethod method, string path, string? secret, HttpContent? content)
    {
        var message = new HttpRequestMessage(method, dialect.AddressOf(path)) { Content = content };
        if (secret is not null)
        {
            dialect.Authorize(message, secret);
        }

        return message;
    }
}
