using System.Buffers;
using System.Text.Json;
using AgentOps.Engine.Providers.Http;

namespace AgentOps.Engine.Providers.Bedrock;

/// <summary>
/// Bedrock's batch inference (<c>POST /model-invocation-job</c>): a file of records goes to S3, a job reads it under a role of the
/// account and writes a file of answers beside it, in Converse's form (<c>modelInvocationType: Converse</c>, which takes no tools).
/// Format: https://docs.aws.amazon.com/bedrock/latest/userguide/batch-inference-data.html and batch-inference-results.html there,
/// https://docs.aws.amazon.com/bedrock/latest/APIReference/API_CreateModelInvocationJob.html, and @aws-sdk/client-bedrock 3.1162.0.
/// </summary>
internal sealed class BedrockBatches : IBatchProvider
{
    // A job's files: its input, and what Bedrock writes below the output in a folder of the job's own id.
    private const string InputFile = "input.jsonl";
    private const string AnswerEnding = ".jsonl.out";

    private readonly BedrockBatchSettings _settings;
    private readonly VendorConnection _jobs;
    private readonly S3Store _storage;
    private readonly SignatureV4 _signature;
    private readonly TimeProvider _time;

    /// <param name="definition">The account.</param>
    /// <param name="settings">Its settings for batches.</param>
    /// <param name="jobs">The way to Bedrock.</param>
    /// <param name="storage">The way to S3.</param>
    /// <param name="time">Signatures bear the time.</param>
    public BedrockBatches(ProviderDefinition definition, BedrockBatchSettings settings, VendorConnection jobs, VendorConnection storage, TimeProvider time)
    {
        _settings = settings;
        _jobs = jobs;
        _time = time;
        var region = BedrockProtocol.RegionOf(definition);
        _signature = new SignatureV4(region, "bedrock");
        _storage = new S3Store(storage, settings.Storage, region, time);
    }

    public int MinimumItems => _settings.MinimumRecords;

    public int MaximumItems => 50_000;

    public async Task<string> SubmitAsync(IReadOnlyList<BatchItem> items, string name, CancellationToken cancellationToken)
    {
        var input = $"{FolderOf(name)}{InputFile}";
        await BatchPreparation.RunAsync(_storage.PutAsync(input, Lines(items), cancellationToken)).ConfigureAwait(false);
        var body = JsonBody.Create(
            json =>
            {
                json.WriteStartObject();
                json.WriteString("jobName", name);

                // Bedrock makes one job of a token, however often it comes.
                json.WriteString("clientRequestToken", name);
                json.WriteString("modelId", items[0].Request.Model);
                json.WriteString("modelInvocationType", "Converse");
                json.WriteString("roleArn", _settings.Role);
                json.WriteStartObject("inputDataConfig");
                json.WriteStartObject("s3InputDataConfig");
                json.WriteString("s3InputFormat", "JSONL");
                json.WriteString("s3Uri", _settings.Location.AddressOf(input));
                json.WriteEndObject();
                json.WriteEndObject();
                json.WriteStartObject("outputDataConfig");
                json.WriteStartObject("s3OutputDataConfig");
                json.WriteString("s3Uri", _settings.Location.AddressOf(OutputOf(name)));
                json.WriteEndObject();
                json.WriteEndObject();
                json.WriteEndObject();
            },
            out var bytes);
        var job = await _jobs.ExchangeAsync(secret => Signed(HttpMethod.Post, "", secret, body, bytes), JsonBody.ReadAsync, cancellationToken).ConfigureAwait(false);
        return job.Text("jobArn") ?? throw new ProviderFaultException(new ProviderFault(FaultKind.Protocol, _jobs.Name, "The job has no ARN."));
    }

    public async Task<BatchSearch> FindAsync(BatchTrace trace, CancellationToken cancellationToken)
    {
        var query = $"nameContains={Uri.EscapeDataString(trace.Name)}";
        var list = await _jobs.ExchangeAsync(secret => Signed(HttpMethod.Get, $"s?{query}", secret, null, default), JsonBody.ReadAsync, cancellationToken).ConfigureAwait(false);
        var job = list.Items("invocationJobSummaries").FirstOrDefault(job => job.Text("jobName") == trace.Name);
        return job.Text("jobArn") is { } id ? BatchSearch.Found(id) : BatchSearch.Absent;
    }

    public async Task<BatchProgress> GetAsync(string id, CancellationToken cancellationToken)
    {
        var job = await JobAsync(id, cancellationToken).ConfigureAwait(false);
        var status = job.Text("status") ?? "";
        return new BatchProgress(
            status is "Completed" or "PartiallyCompleted" or "Failed" or "Stopped" or "Expired",
            (int)(job.Integer("processedRecordCount") ?? 0),
            status)
        {
            Expires = job.Time("jobExpirationTime"),
        };
    }

    public async Task<IReadOnlyList<BatchItemResult>> ReadAsync(string id, IReadOnlyList<BatchItem> items, CancellationToken cancellationToken)
    {
        var job = await JobAsync(id, cancellationToken).ConfigureAwait(false);
        var name = job.Text("jobName") ?? throw new ProviderFaultException(new ProviderFault(FaultKind.Protocol, _jobs.Name, "The job has no name."));
        var requests = items.ToDictionary(item => item.Id, item => item.Request);
        var results = new Dictionary<string, BatchItemResult>();

        // The address of the output is worked out, not read out of the answer: a signature must not follow an address elsewhere.
        var keys = await _storage.ListAsync($"{OutputOf(name)}{id[(id.LastIndexOf('/') + 1)..]}/", cancellationToken).ConfigureAwait(false);
        foreach (var key in keys.Where(key => key.EndsWith(AnswerEnding, StringComparison.Ordinal)))
        {
            await _storage.GetAsync(
                key,
                async (body, ct) =>
                {
                    await JsonLines.ReadAsync(body, line => Add(results, line, requests), ct).ConfigureAwait(false);
                    return true;
                },
                cancellationToken).ConfigureAwait(false);
        }

        var status = job.Text("status");
        var why = job.Text("message");
        return [.. items.Select(item => results.GetValueOrDefault(item.Id) ?? Missing(item.Id, status, why))];
    }

    public Task CancelAsync(string id, CancellationToken cancellationToken) => _jobs.ExchangeAsync(
        secret => Signed(HttpMethod.Post, $"/{Uri.EscapeDataString(id)}/stop", secret, null, default), static (_, _) => Task.FromResult(true), cancellationToken);

    /// <summary>The keys that sign; null where the provider has no credential.</summary>
    /// <exception cref="ProviderFaultException">The credential is a Bedrock API key: S3 takes none.</exception>
    internal static AwsCredential? KeysOf(string? secret, string provider) => secret is null
        ? null
        : AwsCredential.Parse(secret) ?? throw new ProviderFaultException(new ProviderFault(FaultKind.Authentication, provider,
            "Batches lie in S3, which takes no Bedrock API key: the credential must be ACCESSKEY:SECRETKEY, or ACCESSKEY:SECRETKEY:SESSIONTOKEN."));

    private static void Add(Dictionary<string, BatchItemResult> results, JsonElement line, Dictionary<string, ModelRequest> requests)
    {
        if (line.Text("recordId") is not { } id || !requests.TryGetValue(id, out var request))
        {
            return;
        }

        results[id] = line.Member("modelOutput") is { } answer
            ? BatchItemResult.Of(id, () => new BedrockStreamReader(request with { Stream = false }).ReadWhole(answer))
            : new BatchItemResult(id, BatchOutcome.Failed) { Fault = BedrockFaults.InBatch(line.Member("error") ?? line) };
    }

    // PartiallyCompleted: "Not all of your records could be processed in time."
    private static BatchItemResult Missing(string id, string? status, string? why) => status switch
    {
        "Expired" or "PartiallyCompleted" => BatchItemResult.Without(id, BatchOutcome.Expired, why ?? "The batch expired."),
        "Stopped" => BatchItemResult.Without(id, BatchOutcome.Cancelled, why ?? "The batch was stopped."),
        _ => BatchItemResult.Without(id, BatchOutcome.Failed, why ?? "The provider gave no result of this request."),
    };

    private static byte[] Lines(IReadOnlyList<BatchItem> items)
    {
        var buffer = new ArrayBufferWriter<byte>();
        foreach (var item in items)
        {
            JsonLines.Append(buffer, json =>
            {
                json.WriteStartObject();
                json.WriteString("recordId", item.Id);
                json.WritePropertyName("modelInput");
                BedrockRequestWriter.Write(json, item.Request with { Stream = false });
                json.WriteEndObject();
            });
        }

        return buffer.WrittenSpan.ToArray();
    }

    private string FolderOf(string name) => $"{_settings.Location.Prefix}{name}/";

    private string OutputOf(string name) => $"{FolderOf(name)}out/";

    private Task<JsonElement> JobAsync(string id, CancellationToken cancellationToken) =>
        _jobs.ExchangeAsync(secret => Signed(HttpMethod.Get, "/" + Uri.EscapeDataString(id), secret, null, default), JsonBody.ReadAsync, cancellationToken);

    private HttpRequestMessage Signed(HttpMethod method, string path, string? secret, HttpContent? content, ReadOnlyMemory<byte> body)
    {
        var message = new HttpRequestMessage(method, $"{_settings.Jobs}/model-invocation-job{path}") { Content = content };
        if (KeysOf(secret, _jobs.Name) is { } keys)
        {
            _signature.Sign(message, body.Span, keys, _time.GetUtcNow());
        }

        return message;
    }
}
