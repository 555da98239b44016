using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json.Nodes;
using AgentOps.Engine.Errors;

namespace AgentOps.Engine.Providers.Replay;

/// <summary>
/// Answers from a recording: JSON lines, each <c>{"request": digest, "events": […]}</c>. The same request asked again gets its
/// next recorded answer, and the last one from then on. With a source it records: what isn't in the file is asked there once,
/// and the whole answer is appended. The recording holds answers and digests, no prompts and no credential.
/// </summary>
/// <param name="name">The provider's name.</param>
/// <param name="file">The recording.</param>
/// <param name="source">The provider to record from; null: replay only.</param>
public sealed class ReplayProvider(string name, string file, IModelProvider? source) : IModelProvider, IDisposable
{
    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly ConcurrentDictionary<string, int> _played = new();
    private Dictionary<string, List<ModelEvent[]>>? _recorded;

    /// <inheritdoc/>
    public string Name => name;

    /// <inheritdoc/>
    public string Kind => ProviderKinds.Replay;

    /// <inheritdoc/>
    public async IAsyncEnumerable<ModelEvent> StreamAsync(ModelRequest request, [EnumeratorCancellation] CancellationToken ct)
    {
        var digest = RequestDigest.Compute(request);
        if (await FindAsync(digest, ct).ConfigureAwait(false) is { } events)
        {
            foreach (var modelEvent in events)
            {
                ct.ThrowIfCancellationRequested();
                yield return modelEvent;
            }

            yield break;
        }

        if (source is null)
        {
            throw new ProviderFaultException(new ProviderFault(
                FaultKind.InvalidRequest, name, $"The recording has no answer to this request ({digest[..12]})."));
        }

        var heard = new List<ModelEvent>();
        await foreach (var modelEvent in source.StreamAsync(request, ct).ConfigureAwait(false))
        {
            heard.Add(modelEvent);
            yield return modelEvent;
        }

        await AppendAsync(digest, [.. heard], ct).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public void Dispose() => _gate.Dispose();

    private async Task<ModelEvent[]?> FindAsync(string digest, CancellationToken ct)
    {
        await _gate.WaitAsync(ct).ConfigureAwait(false);
        try
        {
            _recorded ??= await LoadAsync(ct).ConfigureAwait(false);
            if (!_recorded.TryGetValue(digest, out var answers))
            {
                return null;
            }

            var turn = _played.AddOrUpdate(digest, 1, static (_, before) => before + 1);
            return answers[Math.Min(turn, answers.Count) - 1];
        }
        finally
        {
            _gate.Release();
        }
    }

    private async Task<Dictionary<string, List<ModelEvent[]>>> LoadAsync(CancellationToken ct)
    {
        var answers = new Dictionary<string, List<ModelEvent[]>>(StringComparer.Ordinal);
        if (!File.Exists(file))
        {
            return source is not null ? answers : throw new AgentOpsException(
                ErrorCodes.RecordingInvalid, $"The recording '{file}' of provider '{name}' does not exist.", file);
        }

        var number = 0;
        await foreach (var line in File.ReadLinesAsync(file, Encoding.UTF8, ct).ConfigureAwait(false))
        {
            number++;
            if (line.Length == 0)
            {
                continue;
            }

            var exchange = JsonReading.TryParse(line);
            if (exchange.Text("request") is not { } digest)
            {
                throw new AgentOpsException(ErrorCodes.RecordingInvalid, $"{file}:{number}: this is no recorded exchange.", file);
            }

            if (!answers.TryGetValue(digest, out var list))
            {
                answers[digest] = list = [];
            }

            list.Add([.. exchange.Items("events").Select(ModelEventJson.Read)]);
        }

        return answers;
    }

    private async Task AppendAsync(string digest, ModelEvent[] events, CancellationToken ct)
    {
        var line = new JsonObject { ["request"] = digest, ["events"] = new JsonArray([.. events.Select(ModelEventJson.Write)]) };
        await _gate.WaitAsync(ct).ConfigureAwait(false);
        try
        {
            await File.AppendAllTextAsync(file, line.ToJsonString() + "\n", ct).ConfigureAwait(false);
            _recorded![digest] = [events];
        }
        finally
        {
            _gate.Release();
        }
    }
}
