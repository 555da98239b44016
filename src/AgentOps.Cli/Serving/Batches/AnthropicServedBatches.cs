using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace AgentOps.Cli.Serving;

/// <summary>Anthropic's Message Batches, in memory. Format: https://docs.claude.com/en/api/creating-message-batches.</summary>
internal sealed class AnthropicServedBatches(ServedSource source) : IServedBatches
{
    private const string Path = "/v1/messages/batches";

    private static readonly AnthropicServed Protocol = new();

    private readonly ConcurrentDictionary<string, ServedBatch> _batches = new();
    private int _number;

    /// <inheritdoc/>
    public async Task<bool> TryHandleAsync(HttpContext context)
    {
        var path = context.Request.Path.Value ?? "";
        if (!path.StartsWith(Path, StringComparison.Ordinal))
        {
            return false;
        }

        var parts = path[Path.Length..].Split('/', StringSplitOptions.RemoveEmptyEntries);
        var task = (context.Request.Method, parts) switch
        {
            ("POST", []) => CreateAsync(context),
            ("GET", []) => ListAsync(context),
            ("GET", [var id]) => BatchAsync(context, id, static batch => batch, (json, batch) => WriteBatch(json, batch, context)),
            ("POST", [var id, "cancel"]) => BatchAsync(context, id, Cancel, (json, batch) => WriteBatch(json, batch, context)),
            ("GET", [var id, "results"]) => ResultsAsync(context, id),
            _ => FailAsync(context, 404, "No such operation is served here."),
        };
        await task;
        return true;
    }

    public void Dispose()
    {
        foreach (var batch in _batches.Values)
        {
            batch.Dispose();
        }
    }

    private static ServedBatch Cancel(ServedBatch batch)
    {
        batch.Cancel();
        return batch;
    }

    private async Task CreateAsync(HttpContext context)
    {
        using var document = await JsonDocument.ParseAsync(context.Request.Body, default, context.RequestAborted);
        var requests = new List<(string, Func<CancellationToken, Task<ServedItem>>)>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var request in Wire.Items(document.RootElement, "requests"))
        {
            var name = Wire.Text(request, "custom_id");
            if (name is null || Wire.Member(request, "params") is not { } call || !names.Add(name))
            {
                await FailAsync(context, 400, "requests: each needs 'params' and a 'custom_id' of its own");
                return;
            }

            var body = call.Clone();
            requests.Add((name, ct => AnswerAsync(name, body, ct)));
        }

        if (requests.Count == 0 || _batches.Count >= BatchResponse.MaximumBatches)
        {
            await FailAsync(context, requests.Count == 0 ? 400 : 429, requests.Count == 0 ? "requests: Field required" : "Too many batches.");
            return;
        }

        var batch = new ServedBatch(Interlocked.Increment(ref _number), requests, Cancelled);
        _batches[IdOf(batch)] = batch;
        await BatchResponse.WriteAsync(context, json => WriteBatch(json, batch, context));
    }

    private async Task BatchAsync(HttpContext context, string id, Func<ServedBatch, ServedBatch> change, Action<Utf8JsonWriter, ServedBatch> write)
    {
        if (_batches.TryGetValue(id, out var batch))
        {
            await BatchResponse.WriteAsync(context, json => write(json, change(batch)));
            return;
        }

        await FailAsync(context, 404, $"Batch {id} not found");
    }

    private async Task ResultsAsync(HttpContext context, string id)
    {
        if (!_batches.TryGetValue(id, out var batch))
        {
            await FailAsync(context, 404, $"Batch {id} not found");
            return;
        }

        if (batch.Ended is null)
        {
            await FailAsync(context, 404, "The results are not yet available.");
            return;
        }

        context.Response.ContentType = "application/x-jsonl";
        await context.Response.WriteAsync(string.Concat(batch.Results.Select(result => result.Line + "\n")), context.RequestAborted);
    }

    private Task ListAsync(HttpContext context) => BatchResponse.WriteAsync(context, json =>
    {
        var batches = _batches.Values.OrderByDescending(batch => batch.Number, StringComparer.Ordinal).ToArray();
        json.WriteStartObject();
        json.WriteStartArray("data");
        foreach (var batch in batches)
        {
            WriteBatch(json, batch, context);
        }

        json.WriteEndArray();
        json.WriteBoolean("has_more", false);
        json.WriteString("first_id", batches.Length > 0 ? IdOf(batches[0]) : null);
        json.WriteString("last_id", batches.Length > 0 ? IdOf(batches[^1]) : null);
        json.WriteEndObject();
    });

    private async Task<ServedItem> AnswerAsync(string name, JsonElement call, CancellationToken ct)
    {
        var (answer, fault) = await BatchAnswering.AnswerAsync(source, Protocol, call, ct);
        var line = BatchAnswering.Line(json =>
        {
            json.WriteStartObject();
            json.WriteString("custom_id", name);
            json.WriteStartObject("result");
            json.WriteString("type", fault is null ? "succeeded" : "errored");
            json.WritePropertyName(fault is null ? "message" : "error");
            if (fault is null)
            {
                json.WriteRawValue(answer!);
            }
            else
            {
                AnthropicServed.WriteError(json, fault);
            }

            json.WriteEndObject();
            json.WriteEndObject();
        });
        return new ServedItem(fault is null ? ServedOutcome.Answered : ServedOutcome.Failed, line);
    }

    private static string Cancelled(string name) => BatchAnswering.Line(json =>
    {
        json.WriteStartObject();
        json.WriteString("custom_id", name);
        json.WriteStartObject("result");
        json.WriteString("type", "canceled");
        json.WriteEndObject();
        json.WriteEndObject();
    });

    private static string IdOf(ServedBatch batch) => "msgbatch_" + batch.Number;

    private static void WriteBatch(Utf8JsonWriter json, ServedBatch batch, HttpContext context)
    {
        var ended = batch.Ended;
        var id = IdOf(batch);
        json.WriteStartObject();
        json.WriteString("id", id);
        json.WriteString("type", "message_batch");
        json.WriteString("processing_status", ended is not null ? "ended" : batch.IsCancelling ? "canceling" : "in_progress");
        json.WriteStartObject("request_counts");
        json.WriteNumber("processing", ended is null ? batch.Count : 0);
        json.WriteNumber("succeeded", ended is null ? 0 : batch.Counted(ServedOutcome.Answered));
        json.WriteNumber("errored", ended is null ? 0 : batch.Counted(ServedOutcome.Failed));
        json.WriteNumber("canceled", ended is null ? 0 : batch.Counted(ServedOutcome.Cancelled));
        json.WriteNumber("expired", 0);
        json.WriteEndObject();
        json.WriteString("created_at", BatchResponse.Time(batch.Created));
        json.WriteString("expires_at", BatchResponse.Time(batch.Created.AddDays(1)));
        json.WriteString("ended_at", ended is { } end ? BatchResponse.Time(end) : null);
        json.WriteNull("archived_at");
        json.WriteNull("cancel_initiated_at");
        json.WriteString("results_url", ended is null ? null : $"{context.Request.Scheme}://{context.Request.Host}{Path}/{id}/results");
        json.WriteEndObject();
    }

    private static Task FailAsync(HttpContext context, int status, string message) =>
        BatchResponse.FailAsync(context, status, message, AnthropicServed.WriteError);
}
