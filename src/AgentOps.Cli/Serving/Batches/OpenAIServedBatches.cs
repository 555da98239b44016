using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace AgentOps.Cli.Serving;

/// <summary>OpenAI's or Azure's files and batches, in memory. Format: https://platform.openai.com/docs/api-reference/batch.</summary>
/// <param name="source">Answers.</param>
/// <param name="root">What their paths begin with.</param>
/// <param name="endpoint">The endpoint that requests name.</param>
internal sealed class OpenAIServedBatches(ServedSource source, string root, string endpoint) : IServedBatches
{
    private static readonly OpenAIServed Protocol = new();

    private readonly ConcurrentDictionary<string, byte[]> _files = new();
    private readonly ConcurrentDictionary<string, (ServedBatch Batch, string Input, string Metadata)> _batches = new();
    private int _number;

    /// <summary>OpenAI's own.</summary>
    public static OpenAIServedBatches OpenAI(ServedSource source) => new(source, "v1", "/v1/chat/completions");

    /// <summary>Azure's, of any version.</summary>
    public static OpenAIServedBatches Azure(ServedSource source) => new(source, "openai", "/chat/completions");

    private bool IsAzure => root == "openai";

    /// <inheritdoc/>
    public async Task<bool> TryHandleAsync(HttpContext context)
    {
        var path = context.Request.Path.Value ?? "";
        var parts = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        if (parts is not [var first, "files" or "batches", ..] || first != root)
        {
            return false;
        }

        var task = (context.Request.Method, parts[1..]) switch
        {
            ("POST", ["files"]) => UploadAsync(context),
            ("GET", ["files", var id]) => FileAsync(context, id, contents: false),
            ("GET", ["files", var id, "content"]) => FileAsync(context, id, contents: true),
            ("POST", ["batches"]) => CreateAsync(context),
            ("GET", ["batches"]) => ListAsync(context),
            ("GET", ["batches", var id]) => BatchAsync(context, id, cancel: false),
            ("POST", ["batches", var id, "cancel"]) => BatchAsync(context, id, cancel: true),
            _ => FailAsync(context, 404, "No such operation is served here."),
        };
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

    private async Task UploadAsync(HttpContext context)
    {
        var boundary = MediaTypeHeaderValue.TryParse(context.Request.ContentType, out var type) ? HeaderUtilities.RemoveQuotes(type.Boundary).Value : null;
        if (string.IsNullOrEmpty(boundary))
        {
            await FailAsync(context, 400, "The file is to be sent as multipart/form-data.");
            return;
        }

        byte[]? file = null;
        string? purpose = null;
        var reader = new MultipartReader(boundary, context.Request.Body);
        while (await reader.ReadNextSectionAsync(context.RequestAborted) is { } section)
        {
            using var content = new MemoryStream();
            await section.Body.CopyToAsync(content, context.RequestAborted);
            var name = ContentDispositionHeaderValue.TryParse(section.ContentDisposition, out var disposition) ? HeaderUtilities.RemoveQuotes(disposition.Name).Value : null;
            (file, purpose) = name switch
            {
                "file" => (content.ToArray(), purpose),
                "purpose" => (file, System.Text.Encoding.UTF8.GetString(content.ToArray())),
                _ => (file, purpose),
            };
        }

        if (file is null || purpose != "batch")
        {
            await FailAsync(context, 400, "A 'file' of the purpose 'batch' is missing.");
            return;
        }

        // Azure says so before it has read the file.
        var id = Keep(file);
        context.Response.StatusCode = IsAzure ? StatusCodes.Status201Created : StatusCodes.Status200OK;
        await BatchResponse.WriteAsync(context, json => WriteFile(json, id, file.Length, IsAzure ? "pending" : "processed"));
    }

    private async Task FileAsync(HttpContext context, string id, bool contents)
    {
        if (!_files.TryGetValue(id, out var file))
        {
            await FailAsync(context, 404, $"No such File object: {id}");
            return;
        }

        if (!contents)
        {
            await BatchResponse.WriteAsync(context, json => WriteFile(json, id, file.Length, "processed"));
            return;
        }

        context.Response.ContentType = "application/octet-stream";
        await context.Response.Body.WriteAsync(file, context.RequestAborted);
    }

    private async Task CreateAsync(HttpContext context)
    {
        using var document = await JsonDocument.ParseAsync(context.Request.Body, default, context.RequestAborted);
        var body = document.RootElement;
        if (Wire.Text(body, "input_file_id") is not { } input || !_files.TryGetValue(input, out var file))
        {
            await FailAsync(context, 400, "'input_file_id' names no file.");
            return;
        }

        if (Wire.Text(body, "endpoint") != endpoint || Wire.Text(body, "completion_window") != "24h")
        {
            await FailAsync(context, 400, $"'endpoint' must be {endpoint} and 'completion_window' 24h.");
            return;
        }

        if (_batches.Count >= BatchResponse.MaximumBatches)
        {
            await FailAsync(context, 429, "Too many batches.");
            return;
        }

        var metadata = Wire.Member(body, "metadata")?.GetRawText() ?? "null";
        var requests = new List<(string, Func<CancellationToken, Task<ServedItem>>)>();
        foreach (var line in System.Text.Encoding.UTF8.GetString(file).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            using var request = JsonDocument.Parse(line);
            var name = Wire.Text(request.RootElement, "custom_id") ?? "";
            var call = Wire.Member(request.RootElement, "body")?.Clone() ?? default;
            requests.Add((name, ct => AnswerAsync(name, call, ct)));
        }

        var batch = new ServedBatch(Interlocked.Increment(ref _number), requests, Cancelled);
        var id = "batch_" + batch.Number;
        _batches[id] = (batch, input, metadata);
        await BatchResponse.WriteAsync(context, json => WriteBatch(json, id));
    }

    private async Task BatchAsync(HttpContext context, string id, bool cancel)
    {
        if (!_batches.TryGetValue(id, out var found))
        {
            await FailAsync(context, 404, $"No batch found with id '{id}'.");
            return;
        }

        if (cancel)
        {
            found.Batch.Cancel();
        }

        await BatchResponse.WriteAsync(context, json => WriteBatch(json, id));
    }

    private Task ListAsync(HttpContext context) => BatchResponse.WriteAsync(context, json =>
    {
        json.WriteStartObject();
        json.WriteString("object", "list");
        json.WriteStartArray("data");
        foreach (var id in _batches.Keys.OrderDescending(StringComparer.Ordinal))
        {
            WriteBatch(json, id);
        }

        json.WriteEndArray();
        json.WriteBoolean("has_more", false);
        json.WriteEndObject();
    });

    private async Task<ServedItem> AnswerAsync(string name, JsonElement call, CancellationToken ct)
    {
        var (answer, fault) = await BatchAnswering.AnswerAsync(source, Protocol, call, ct);
        var line = BatchAnswering.Line(json =>
        {
            json.WriteStartObject();
            json.WriteString("id", "batch_req");
            json.WriteString("custom_id", name);
            json.WriteStartObject("response");
            json.WriteNumber("status_code", fault is null ? 200 : Protocol.StatusOf(fault));
            json.WriteString("request_id", "req");
            json.WritePropertyName("body");
            if (fault is null)
            {
                json.WriteRawValue(answer!);
            }
            else
            {
                OpenAIServed.WriteError(json, fault);
            }

            json.WriteEndObject();
            json.WriteNull("error");
            json.WriteEndObject();
        });
        return new ServedItem(fault is null ? ServedOutcome.Answered : ServedOutcome.Failed, line);
    }

    private static string Cancelled(string name) => BatchAnswering.Line(json =>
    {
        json.WriteStartObject();
        json.WriteString("id", "batch_req");
        json.WriteString("custom_id", name);
        json.WriteNull("response");
        json.WriteStartObject("error");
        json.WriteString("code", "batch_cancelled");
        json.WriteString("message", "This request was cancelled.");
        json.WriteEndObject();
        json.WriteEndObject();
    });

    private string Keep(byte[] file)
    {
        var id = "file-" + Interlocked.Increment(ref _number).ToString("D6", CultureInfo.InvariantCulture);
        _files[id] = file;
        return id;
    }

    private void WriteBatch(Utf8JsonWriter json, string id)
    {
        var (batch, input, metadata) = _batches[id];
        var ended = batch.Ended;
        var cancelled = batch.IsCancelling;
        json.WriteStartObject();
        json.WriteString("id", id);
        json.WriteString("object", "batch");
        json.WriteString("endpoint", endpoint);
        json.WriteString("input_file_id", input);
        json.WriteString("completion_window", "24h");
        json.WriteString("status", (ended, cancelled) switch
        {
            (null, true) => "cancelling",
            (null, false) => "in_progress",
            (_, true) => "cancelled",
            _ => "completed",
        });
        json.WriteNumber("created_at", batch.Created.ToUnixTimeSeconds());
        json.WriteNumber("expires_at", batch.Created.AddDays(1).ToUnixTimeSeconds());
        json.WriteStartObject("request_counts");
        json.WriteNumber("total", batch.Count);
        json.WriteNumber("completed", batch.Counted(ServedOutcome.Answered));
        json.WriteNumber("failed", batch.Counted(ServedOutcome.Failed));
        json.WriteEndObject();
        if (ended is { } end)
        {
            json.WriteNumber(cancelled ? "cancelled_at" : "completed_at", end.ToUnixTimeSeconds());
            WriteResults(json, "output_file_id", batch, id, answered: true);
            WriteResults(json, "error_file_id", batch, id, answered: false);
        }

        json.WritePropertyName("metadata");
        json.WriteRawValue(metadata);
        json.WriteEndObject();
    }

    // A file for the answers and one for the rest, each only where there is something to say.
    private void WriteResults(Utf8JsonWriter json, string property, ServedBatch batch, string id, bool answered)
    {
        var lines = batch.Results.Where(result => result.Outcome == ServedOutcome.Answered == answered).Select(result => result.Line).ToArray();
        if (lines.Length > 0)
        {
            var file = $"file-{id}-{(answered ? "output" : "errors")}";
            _files.TryAdd(file, System.Text.Encoding.UTF8.GetBytes(string.Join('\n', lines) + "\n"));
            json.WriteString(property, file);
        }
    }

    private static void WriteFile(Utf8JsonWriter json, string id, long length, string status)
    {
        json.WriteStartObject();
        json.WriteString("id", id);
        json.WriteString("object", "file");
        json.WriteNumber("bytes", length);
        json.WriteNumber("created_at", DateTimeOffset.UtcNow.ToUnixTimeSeconds());
        json.WriteString("filename", id + ".jsonl");
        json.WriteString("purpose", "batch");
        json.WriteString("status", status);
        json.WriteEndObject();
    }

    private static Task FailAsync(HttpContext context, int status, string message) =>
        BatchResponse.FailAsync(context, status, message, OpenAIServed.WriteError);
}
