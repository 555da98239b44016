using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using AgentOps.Engine.Errors;
using AgentOps.Engine.Providers;

namespace AgentOps.Engine.Benchmarks.Endpoints;

/// <summary>
/// Raw samples as JSON lines: first a line with the load and the targets, then a line a call, written as calls end. A file that was
/// broken off, even within a line, can be gone on with.
/// </summary>
public sealed class SampleFile : IDisposable
{
    private const int Version = 1;

    private readonly StreamWriter _writer;

    private SampleFile(StreamWriter writer, IReadOnlyList<CallSample> samples) => (_writer, Samples) = (writer, samples);

    /// <summary>The samples that the file held when it was opened.</summary>
    public IReadOnlyList<CallSample> Samples { get; }

    /// <summary>Begins a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="overwrite">In place of a file that is there.</param>
    /// <param name="load">The load.</param>
    /// <param name="targets">The targets' names.</param>
    /// <exception cref="AgentOpsException"><c>BenchmarkSamplesInvalid</c>: a file is there.</exception>
    public static SampleFile Create(string path, bool overwrite, EndpointLoad load, IEnumerable<string> targets)
    {
        if (!overwrite && File.Exists(path))
        {
            throw new AgentOpsException(ErrorCodes.BenchmarkSamplesInvalid, $"There is a file '{path}' already.", path,
                "Go on with it by -Resume, replace it by -Force, or give another name.");
        }

        var writer = new StreamWriter(new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.Read), new UTF8Encoding(false));
        writer.Write(Header(load, targets) + "\n");
        writer.Flush();
        return new SampleFile(writer, []);
    }

    /// <summary>Opens a file to go on with it; a last line that is torn is cut off. Begins one where there is none.</summary>
    /// <exception cref="AgentOpsException"><c>BenchmarkSamplesInvalid</c>: the file is of another load or other targets, or is no such file.</exception>
    public static SampleFile Resume(string path, EndpointLoad load, IReadOnlyList<string> targets)
    {
        if (!File.Exists(path) || new FileInfo(path).Length == 0)
        {
            return Create(path, overwrite: true, load, targets);
        }

        var (header, samples, length) = Read(path);
        if (header != Header(load, targets))
        {
            throw new AgentOpsException(ErrorCodes.BenchmarkSamplesInvalid, $"'{path}' was begun with another load or other targets: {header}", path);
        }

        var stream = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.Read);
        stream.SetLength(length);
        stream.Seek(0, SeekOrigin.End);
        return new SampleFile(new StreamWriter(stream, new UTF8Encoding(false)), samples);
    }

    /// <summary>Reads all samples.</summary>
    /// <exception cref="AgentOpsException"><c>BenchmarkSamplesInvalid</c>; says the line.</exception>
    public static IReadOnlyList<CallSample> ReadSamples(string path) => Read(path).Samples;

    /// <summary>Adds a sample; it is with the operating system when this returns.</summary>
    public void Add(CallSample sample)
    {
        _writer.Write(sample.ToJson().ToJsonString() + "\n");
        _writer.Flush();
    }

    /// <inheritdoc/>
    public void Dispose() => _writer.Dispose();

    private static string Header(EndpointLoad load, IEnumerable<string> targets) => new JsonObject
    {
        ["kind"] = "agentops-endpoint-samples",
        ["version"] = Version,
        ["load"] = load.ToJson(),
        ["targets"] = new JsonArray([.. targets.Select(target => JsonValue.Create(target))]),
    }.ToJsonString();

    private static (string Header, IReadOnlyList<CallSample> Samples, long Length) Read(string path)
    {
        var bytes = File.ReadAllBytes(path);
        var samples = new List<CallSample>();
        string? header = null;
        long length = 0;
        for (int start = 0, line = 1; start < bytes.Length; line++)
        {
            var size = bytes.AsSpan(start).IndexOf((byte)'\n');
            if (size < 0)
            {
                // The line that was being written when the run broke off.
                break;
            }

            try
            {
                using var document = JsonDocument.Parse(bytes.AsMemory(start, size));
                if (header is null)
                {
                    header = document.RootElement.Text("kind") == "agentops-endpoint-samples" && document.RootElement.Integer("version") == Version
                        ? Encoding.UTF8.GetString(bytes, start, size)
                        : throw new JsonException($"it is no file of samples of version {Version}");
                }
                else
                {
                    samples.Add(CallSample.FromJson(document.RootElement));
                }
            }
            catch (JsonException exception)
            {
                throw new AgentOpsException(ErrorCodes.BenchmarkSamplesInvalid, $"'{path}', line {line}: {exception.Message}", path, innerException: exception);
            }

            start += size + 1;
            length = start;
        }

        return (header ?? throw new AgentOpsException(ErrorCodes.BenchmarkSamplesInvalid, $"'{path}' has no whole first line.", path), samples, length);
    }
}
