using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace AgentOps.Cli.Serving;

/// <summary>
/// Bedrock's batch inference over a small S3, in memory; records in Converse's form alone. Formats:
/// https://docs.aws.amazon.com/bedrock/latest/APIReference/API_CreateModelInvocationJob.html,
/// https://docs.aws.amazon.com/bedrock/latest/userguide/batch-inference-data.html and batch-inference-results.html there.
/// </summary>
internal sealed class BedrockServedBatches(ServedSource source) : IServedBatches
{
    private const string JobsPath = "/model-invocation-jobs";
    private const string JobPath = "/model-invocation-job";
    private const string Scheme = "s3://";
    private const int MinimumRecords = 100;

    private static readonly BedrockServed Protocol = new();

    private readonly ServedObjects _objects = new();
    private readonly ConcurrentDictionary<string, ServedJob> _jobs = new();
    private readonly Lock _gate = new();
    private int _number;

    /// <inheritdoc/>
    public async Task<bool> TryHandleAsync(HttpContext context)
    {
        var path = context.Request.Path.Value ?? "";
        if (!path.StartsWith(JobPath, StringComparison.Ordinal))
        {
            return await _objects.TryHandleAsync(context);
        }

        // Clients name a job by its ARN, whose slash comes encoded.
        var parts = path.Split('/', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(Uri.UnescapeDataString).ToArray();
        await ((context.Request.Method, parts) switch
        {
            ("GET", []) when path == JobsPath => ListAsync(context),
            ("POST", []) when path == JobPath => CreateAsync(context),
            ("GET", [var id]) => JobAsync(context, id, stop: false),
            ("POST", [var id, "stop"]) => JobAsync(context, id, stop: true),
            _ => FailAsync(context, 404, "No such operation is served here."),
        });
        return true;
    }

    public void Dispose()
    {
        foreach (var job in _jobs.Values)
        {
            job.Batch.Dispose();
        }
    }

    private async Task CreateAsync(HttpContext context)
    {
        using var document = await JsonDocument.ParseAsync(context.Request.Body, default, context.RequestAborted);
        var body = document.RootElement;
        var input = Address(body, "inputDataConfig", "s3InputDataConfig");
        var output = Address(body, "outputDataConfig", "s3OutputDataConfig");
        if (Wire.Text(body, "jobName") is not { } name || Wire.Text(body, "modelId") is not { } model || Wire.Text(body, "roleArn") is not { } role
            || !role.StartsWith("arn:", StringComparison.Ordinal) || input is null || output is null)
        {
            await FailAsync(context, 400, "'jobName', 'modelId', 'roleArn', 'inputDataConfig' and 'outputDataConfig' with an s3Uri each are needed.");
            return;
        }

        if (Wire.Text(body, "modelInvocationType") != "Converse")
        {
            await FailAsync(context, 400, "The modelInvocationType Converse alone is served here.");
            return;
        }

        if (_jobs.Count >= BatchResponse.MaximumBatches)
        {
            await FailAsync(context, 429, "Too many jobs.");
            return;
        }

        var job = Job(name, Wire.Text(body, "clientRequestToken"), model, role, input, output);
        await BatchResponse.WriteAsync(context, json =>
        {
            json.WriteStartObject();
            json.WriteString("jobArn", job.Arn);
            json.WriteEndObject();
        });
    }

    // Of a token there is one job, however often it comes.
    private ServedJob Job(string name, string? token, string model, string role, string input, string output)
    {
        lock (_gate)
        {
            if (token is not null && _jobs.Values.FirstOrDefault(known => known.Token == token) is { } same)
            {
                return same;
            }

            var (records, failure) = Records(input, model);
            var job = new ServedJob(new ServedBatch(++_number, records, static _ => ""), name, token, model, role, input, output, failure);
            _jobs[job.Id] = job;
            _ = WriteAnswersAsync(job);
            return job;
        }
    }

    // What is wrong with the file fails the job, as there, and not the call that made it.
    private (IReadOnlyList<(string Id, Func<CancellationToken, Task<ServedItem>> Answer)> Records, string? Failure) Records(string input, string model)
    {
        var (bucket, key) = Split(input);
        if (_objects.Find(bucket, key) is not { } file)
        {
            return ([], $"There is no file {input}.");
        }

        var records = new List<(string, Func<CancellationToken, Task<ServedItem>>)>();
        try
        {
            foreach (var line in Encoding.UTF8.GetString(file).Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                using var record = JsonDocument.Parse(line);
                var id = Wire.Text(record.RootElement, "recordId") ?? (records.Count + 1).ToString("D11", System.Globalization.CultureInfo.InvariantCulture);
                var call = Wire.Member(record.RootElement, "modelInput")?.Clone() ?? throw new JsonException($"The record {id} has no modelInput.");
                records.Add((id, ct => AnswerAsync(id, call, model, ct)));
            }
        }
        catch (JsonException exception)
        {
            return ([], exception.Message);
        }

        return records.Count < MinimumRecords
            ? ([], $"Your job contains {records.Count} records, which is below the minimum of {MinimumRecords}.")
            : (records, null);
    }

    private async Task WriteAnswersAsync(ServedJob job)
    {
        await job.Batch.Completion;
        if (job.Failure is null)
        {
            var (bucket, output) = Split(job.Output);
            var folder = $"{output.TrimEnd('/')}/{job.Id}/";
            var lines = job.Batch.Results.Where(result => result.Outcome != ServedOutcome.Cancelled).Select(result => result.Line + "\n");
            _objects.Put(bucket, $"{folder}{job.Input[(job.Input.LastIndexOf('/') + 1)..]}.out", Encoding.UTF8.GetBytes(string.Concat(lines)));
            _objects.Put(bucket, folder + "manifest.json.out", Encoding.UTF8.GetBytes(BatchAnswering.Line(json =>
            {
                json.WriteStartObject();
                json.WriteNumber("totalRecordCount", job.Batch.Count);
                json.WriteNumber("processedRecordCount", job.Batch.Counted(ServedOutcome.Answered) + job.Batch.Counted(ServedOutcome.Failed));
                json.WriteNumber("successRecordCount", job.Batch.Counted(ServedOutcome.Answered));
                json.WriteNumber("errorRecordCount", job.Batch.Counted(ServedOutcome.Failed));
                json.WriteEndObject();
            })));
        }

        job.IsWritten = true;
    }

    private async Task<ServedItem> AnswerAsync(string id, JsonElement call, string model, CancellationToken ct)
    {
        var (answer, fault) = await BatchAnswering.AnswerAsync(source, Protocol, call, ct, model);
        var line = BatchAnswering.Line(json =>
        {
            json.WriteStartObject();
            json.WriteString("recordId", id);
            json.WritePropertyName("modelInput");
            call.WriteTo(json);
            if (fault is null)
            {
                json.WritePropertyName("modelOutput");
                json.WriteRawValue(answer!);
            }
            else
            {
                json.WriteStartObject("error");
                json.WriteNumber("errorCode", Protocol.StatusOf(fault));
                json.WriteString("errorMessage", BedrockServed.DetailOf(fault));
                json.WriteEndObject();
            }

            json.WriteEndObject();
        });
        return new ServedItem(fault is null ? ServedOutcome.Answered : ServedOutcome.Failed, line);
    }

    private async Task JobAsync(HttpContext context, string id, bool stop)
    {
        if (!_jobs.TryGetValue(id[(id.LastIndexOf('/') + 1)..], out var job))
        {
            await FailAsync(context, 404, $"Could not find the job {id}.");
            return;
        }

        if (stop)
        {
            job.Batch.Cancel();
            await BatchResponse.WriteEmptyAsync(context);
            return;
        }

        await BatchResponse.WriteAsync(context, job.Write);
    }

    private Task ListAsync(HttpContext context)
    {
        var contains = context.Request.Query["nameContains"].ToString();
        var status = context.Request.Query["statusEquals"].ToString();
        return BatchResponse.WriteAsync(context, json =>
        {
            json.WriteStartObject();
            json.WriteStartArray("invocationJobSummaries");
            foreach (var job in _jobs.Values.OrderByDescending(job => job.Id, StringComparer.Ordinal))
            {
                if (job.Name.Contains(contains, StringComparison.Ordinal) && (status.Length == 0 || job.Status == status))
                {
                    job.Write(json);
                }
            }

            json.WriteEndArray();
            json.WriteEndObject();
        });
    }

    private static string? Address(JsonElement body, string config, string kind) =>
        Wire.Member(body, config) is { } outer && Wire.Member(outer, kind) is { } inner && Wire.Text(inner, "s3Uri") is { } uri && uri.StartsWith(Scheme, StringComparison.Ordinal)
            ? uri
            : null;

    private static (string Bucket, string Key) Split(string uri)
    {
        var parts = uri[Scheme.Length..].Split('/', 2);
        return (parts[0], parts.Length > 1 ? parts[1] : "");
    }

    private static Task FailAsync(HttpContext context, int status, string message)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        Protocol.WriteError(context.Response, BatchResponse.FaultOf(status, message));
        return Task.CompletedTask;
    }
}
