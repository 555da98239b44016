using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using AgentOps.Engine.Providers;
using Microsoft.AspNetCore.Http;

namespace AgentOps.Cli.Serving;

/// <summary>Google's batches of inline requests, in memory. Format: https://ai.google.dev/api/batch-api.</summary>
internal sealed class GeminiServedBatches(ServedSource source) : IServedBatches
{
    private const string Operation = ":batchGenerateContent";
    private const string Cancel = ":cancel";

    private static readonly GeminiServed Protocol = new();

    private readonly ConcurrentDictionary<string, (ServedBatch Batch, string Name, string Model)> _batches = new();
    private int _number;

    /// <inheritdoc/>
    public async Task<bool> TryHandleAsync(HttpContext context)
    {
        var parts = (context.Request.Path.Value ?? "").Split('/', StringSplitOptions.RemoveEmptyEntries).Select(Uri.UnescapeDataString).ToArray();
        var task = (context.Request.Method, parts) switch
        {
            ("POST", ["v1" or "v1beta", "models", var model]) when model.EndsWith(Operation, StringComparison.Ordinal) => CreateAsync(context, model[..^Operation.Length]),
            ("GET", ["v1beta", "batches"]) => ListAsync(context),
            ("GET", ["v1beta", "batches", var id]) => BatchAsync(context, id, cancel: false),
            ("POST", ["v1beta", "batches", var id]) when id.EndsWith(Cancel, StringComparison.Ordinal) => BatchAsync(context, id[..^Cancel.Length], cancel: true),
            _ => null,
        };
        if (task is null)
        {
            return false;
        }

        await task;
        return true;
    }

    public void Dispose()
    {
        foreach (var (batch, _, _) in _batches.Values)
        {
            batch.Dispose();
        }
    }

    private async Task CreateAsync(HttpContext context, string model)
    {
        using var document = await JsonDocument.ParseAsync(context.Request.Body, default, context.RequestAborted);
        var given = Wire.Member(document.RootElement, "batch") ?? default;
        var name = Wire.Text(given, "displayName", "display_name");
        var config = Wire.Member(given, "inputConfig", "input_config") ?? default;
        var requests = new List<(string, Func<CancellationToken, Task<ServedItem>>)>();
        foreach (var item in Wire.Items(Wire.Member(config, "requests"), "requests"))
        {
            var call = Wire.Member(item, "request")?.Clone() ?? default;
            var metadata = Wire.Member(item, "metadata")?.GetRawText();
            requests.Add((metadata ?? "", ct => AnswerAsync(call, metadata, model, ct)));
        }

        if (name is null || requests.Count == 0)
        {
            await FailAsync(context, 400, "A displayName and inline requests are needed; files are not served here.");
            return;
        }

        if (_batches.Count >= BatchResponse.MaximumBatches)
        {
            await FailAsync(context, 429, "Too many batches.");
            return;
        }

        var batch = new ServedBatch(Interlocked.Increment(ref _number), requests, static _ => "");
        _batches[batch.Number] = (batch, name, model);
        await BatchResponse.WriteAsync(context, json => Write(json, batch.Number));
    }

    private async Task BatchAsync(HttpContext context, string id, bool cancel)
    {
        if (!_batches.TryGetValue(id, out var found))
        {
            await FailAsync(context, 404, $"batches/{id} is not found.");
            return;
        }

        if (cancel)
        {
            found.Batch.Cancel();
            await BatchResponse.WriteEmptyAsync(context);
            return;
        }

        await BatchResponse.WriteAsync(context, json => Write(json, id));
    }

    private Task ListAsync(HttpContext context) => BatchResponse.WriteAsync(context, json =>
    {
        json.WriteStartObject();
        json.WriteStartArray("operations");
        foreach (var id in _batches.Keys.OrderDescending(StringComparer.Ordinal))
        {
            Write(json, id);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    });

    private async Task<ServedItem> AnswerAsync(JsonElement call, string? metadata, string model, CancellationToken ct)
    {
        var (answer, fault) = await BatchAnswering.AnswerAsync(source, Protocol, call, ct, model);
        var line = BatchAnswering.Line(json =>
        {
            json.WriteStartObject();
            if (metadata is not null)
            {
                json.WritePropertyName("metadata");
                json.WriteRawValue(metadata);
            }

            if (fault is null)
            {
                json.WritePropertyName("response");
                json.WriteRawValue(answer!);
            }
            else
            {
                json.WriteStartObject("error");
                json.WriteNumber("code", StatusOf(fault.Kind));
                json.WriteString("message", fault.Kind == FaultKind.ContextTooLong ? "The input token count is too large: " + fault.Detail : fault.Detail);
                json.WriteEndObject();
            }

            json.WriteEndObject();
        });
        return new ServedItem(fault is null ? ServedOutcome.Answered : ServedOutcome.Failed, line);
    }

    // Statuses of gRPC: https://github.com/googleapis/googleapis/blob/master/google/rpc/code.proto.
    private static int StatusOf(FaultKind kind) => kind switch
    {
        FaultKind.InvalidRequest or FaultKind.ContextTooLong or FaultKind.ContentFiltered => 3,
        FaultKind.TimedOut => 4,
        FaultKind.ModelNotFound => 5,
        FaultKind.Authentication => 7,
        FaultKind.RateLimited or FaultKind.QuotaExhausted => 8,
        FaultKind.Overloaded => 14,
        _ => 13,
    };

    private void Write(Utf8JsonWriter json, string id)
    {
        var (batch, name, model) = _batches[id];
        var ended = batch.Ended;
        json.WriteStartObject();
        json.WriteString("name", "batches/" + id);
        json.WriteStartObject("metadata");
        json.WriteString("@type", "type.googleapis.com/google.ai.generativelanguage.v1main.GenerateContentBatch");
        json.WriteString("name", "batches/" + id);
        json.WriteString("model", "models/" + model);
        json.WriteString("displayName", name);
        json.WriteString("createTime", BatchResponse.Time(batch.Created));
        json.WriteString("updateTime", BatchResponse.Time(ended ?? batch.Created));
        json.WriteString("state", (ended, batch.IsCancelling) switch
        {
            (null, _) => "BATCH_STATE_RUNNING",
            (_, true) => "BATCH_STATE_CANCELLED",
            _ => "BATCH_STATE_SUCCEEDED",
        });

        // Numbers of 64 bits are text there.
        json.WriteStartObject("batchStats");
        json.WriteString("requestCount", Text(batch.Count));
        json.WriteString("successfulRequestCount", Text(batch.Counted(ServedOutcome.Answered)));
        json.WriteString("failedRequestCount", Text(batch.Counted(ServedOutcome.Failed)));
        json.WriteEndObject();
        if (ended is { } end)
        {
            json.WriteString("endTime", BatchResponse.Time(end));
            json.WriteStartObject("output");
            json.WriteStartObject("inlinedResponses");
            json.WriteStartArray("inlinedResponses");
            foreach (var result in batch.Results.Where(result => result.Outcome != ServedOutcome.Cancelled))
            {
                json.WriteRawValue(result.Line);
            }

            json.WriteEndArray();
            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndObject();
        json.WriteBoolean("done", ended is not null);
        json.WriteEndObject();
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static Task FailAsync(HttpContext context, int status, string message) =>
        BatchResponse.FailAsync(context, status, message, (json, fault) => GeminiServed.WriteError(json, fault, status));
}
