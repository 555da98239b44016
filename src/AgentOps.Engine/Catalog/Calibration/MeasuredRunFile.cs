using System.Globalization;
using System.Text.Json;
using AgentOps.Engine.Errors;
using AgentOps.Simulation.Calibration;
using AgentOps.Simulation.Models;
using AgentOps.Simulation.Serving;
using AgentOps.Simulation.Workloads;

namespace AgentOps.Engine.Catalog.Calibration;

/// <summary>
/// Reads measured runs: a JSON array, an object a run, with the model, hardware, settings of the server, the load, and the
/// measured milliseconds over the whole (<c>summary</c>) and each stage.
/// </summary>
public sealed class MeasuredRunFile
{
    /// <summary>The metrics by their names in a file.</summary>
    public static IReadOnlyDictionary<string, Metric> Metrics { get; } = new Dictionary<string, Metric>(StringComparer.Ordinal)
    {
        ["e2e_mean"] = Metric.EndToEndMean,
        ["e2e_p90"] = Metric.EndToEndP90,
        ["e2e_p99"] = Metric.EndToEndP99,
        ["itl_mean"] = Metric.InterTokenMean,
        ["ttft_mean"] = Metric.FirstTokenMean,
        ["ttft_p90"] = Metric.FirstTokenP90,
        ["ttft_p99"] = Metric.FirstTokenP99,
    };

    private readonly string _path;
    private readonly ModelCatalog _models;
    private readonly AcceleratorCatalog _accelerators;

    private MeasuredRunFile(string path, ModelCatalog models, AcceleratorCatalog accelerators)
    {
        _path = path;
        _models = models;
        _accelerators = accelerators;
    }

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="models">Where models are looked up.</param>
    /// <param name="accelerators">Where hardware is looked up.</param>
    /// <exception cref="AgentOpsException">The file is malformed; says where.</exception>
    public static IReadOnlyList<MeasuredRun> Read(string path, ModelCatalog models, AcceleratorCatalog accelerators)
    {
        var file = new MeasuredRunFile(path, models, accelerators);
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(path));
            if (document.RootElement.ValueKind != JsonValueKind.Array)
            {
                throw file.Invalid("", "The file must be an array of runs.");
            }

            return [.. document.RootElement.EnumerateArray().Select(file.Run)];
        }
        catch (JsonException exception)
        {
            var place = string.Create(CultureInfo.InvariantCulture, $"{path}:{exception.LineNumber + 1}:{exception.BytePositionInLine + 1}");
            throw new AgentOpsException(ErrorCodes.SimulationInputInvalid, $"{place}: {exception.Message}", place, innerException: exception);
        }
    }

    private MeasuredRun Run(JsonElement run, int index)
    {
        var id = run.ValueKind == JsonValueKind.Object && run.TryGetProperty("id", out var name)
            ? name.ToString()
            : index.ToString(CultureInfo.InvariantCulture);
        try
        {
            return Build(id, run);
        }
        catch (Exception exception) when (exception is KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw Invalid(id, exception.Message);
        }
    }

    private MeasuredRun Build(string id, JsonElement run)
    {
        var workload = run.GetProperty("workload");
        var output = OutputTokens(workload);
        var model = _models.Find(run.GetProperty("model").GetString() ?? "");
        var precision = Text(run, "precision") ?? Text(run, "dtype");
        var sequences = Whole(run, "maxNumSeqs") ?? 256;
        var measured = run.GetProperty("measured");
        return new MeasuredRun
        {
            Id = id,
            Deployment = new Deployment
            {
                Model = model,
                Accelerator = _accelerators.Find(run.GetProperty("hardware").GetString() ?? ""),
                TensorParallel = Whole(run, "tensorParallel") ?? 1,
                PipelineParallel = Whole(run, "pipelineParallel") ?? 1,
                DataParallel = Whole(run, "dataParallel") ?? 1,
                ExpertParallel = run.TryGetProperty("expertParallel", out var expert) && expert.ValueKind == JsonValueKind.True,
                WeightPrecision = precision is null ? null : PrecisionOf(id, precision),
                MemoryUtilization = run.TryGetProperty("gpuMemoryUtilization", out var share) ? share.GetDouble() : 0.9,
            },
            Scheduler = new SchedulerOptions
            {
                MaximumSequences = sequences,
                MaximumStepTokens = Math.Max(sequences, Whole(run, "maxNumBatchedTokens") ?? 8192),
                BlockSize = Whole(run, "blockSize") ?? 16,
                KeyValueBlocks = Whole(run, "kvBlocks"),
                HostBlocks = Whole(run, "cpuKvBlocks") ?? 0,
                PrefixCaching = !run.TryGetProperty("prefixCaching", out var caching) || caching.ValueKind != JsonValueKind.False,
            },
            Workload = Load(id, workload, output),
            Concurrency = Whole(workload, "concurrency") ?? 0,
            Measured = Figures(Whole(measured), output),
            Stages = [.. StageNames(measured).Select(stage => Figures(stage, output))],
        };
    }

    private WorkloadOptions Load(string id, JsonElement workload, int output)
    {
        var stages = workload.TryGetProperty("stages", out var given)
            ? given.EnumerateArray().Select(stage => new LoadStage(TimeSpan.FromSeconds(stage.GetProperty("duration").GetDouble()), stage.GetProperty("rate").GetDouble())).ToArray()
            : [];
        if (stages.Length == 0)
        {
            throw Invalid(id, "The workload has no stages.");
        }

        var arrivals = Text(workload, "arrivals") ?? "";
        var options = new WorkloadOptions
        {
            Arrivals = arrivals.Contains("normalised", StringComparison.Ordinal) || arrivals.Contains("normalized", StringComparison.Ordinal) || arrivals.Length == 0
                ? ArrivalProcess.NormalizedPoisson
                : arrivals.Contains("constant", StringComparison.Ordinal) ? ArrivalProcess.Constant : ArrivalProcess.Poisson,
            Stages = stages,
            Output = LengthDistribution.Of(output),
        };
        if (!workload.TryGetProperty("sharedPrefix", out var prefix))
        {
            return options with { Prompt = LengthDistribution.Of(Whole(workload, "promptTokens") ?? 512) };
        }

        var systems = Whole(prefix, "systemPrompts") ?? 1;
        var users = Whole(prefix, "usersPerPrompt") ?? 1;
        if (Whole(workload, "distinctPrompts") is { } distinct)
        {
            // What the load generator really sent: so many prompts in turn, ten to a system prompt.
            systems = Math.Max(1, distinct / 10);
            users = distinct / systems;
        }

        return options with
        {
            Prefixes = new SharedPrefixes(systems, users, Whole(prefix, "systemTokens") ?? 0, Whole(prefix, "questionTokens") ?? 1, RepeatsQuestions: true),
        };
    }

    private static int OutputTokens(JsonElement workload) =>
        (workload.TryGetProperty("sharedPrefix", out var prefix) ? Whole(prefix, "outputTokens") : null) ?? Whole(workload, "outputTokens") ?? 256;

    private static IEnumerable<JsonElement> StageNames(JsonElement measured)
    {
        for (var i = 0; measured.TryGetProperty(string.Create(CultureInfo.InvariantCulture, $"stage{i}"), out var stage); i++)
        {
            yield return stage;
        }
    }

    // The whole run's figures: under "summary", bare, or those of its only stage.
    private static JsonElement Whole(JsonElement measured) => measured.TryGetProperty("summary", out var summary)
        ? summary
        : measured.TryGetProperty("stage0", out var only) && !measured.TryGetProperty("stage1", out _) ? only : measured;

    private static Dictionary<Metric, double> Figures(JsonElement figures, int output)
    {
        var found = new Dictionary<Metric, double>();
        foreach (var (name, metric) in Metrics)
        {
            if (figures.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number)
            {
                found[metric] = value.GetDouble();
            }
        }

        // The interval is (E2E − TTFT) / (output tokens − 1). Where it was divided by a length counted by re-tokenising, and not
        // by what the server made, it is put right from its own definition.
        if (found.ContainsKey(Metric.InterTokenMean) && output > 1
            && found.TryGetValue(Metric.EndToEndMean, out var end) && found.TryGetValue(Metric.FirstTokenMean, out var first))
        {
            found[Metric.InterTokenMean] = (end - first) / (output - 1);
        }

        return found;
    }

    private static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static int? Whole(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetInt32() : null;

    private Precision PrecisionOf(string id, string text) => PrecisionNames.All.TryGetValue(text, out var precision)
        ? precision
        : text switch
        {
            "float16" or "bfloat16" or "half" => Precision.Half,
            "float8" => Precision.Float8,
            _ => throw Invalid(id, $"The precision '{text}' is not known."),
        };

    private AgentOpsException Invalid(string id, string message)
    {
        var place = id.Length > 0 ? $"{_path}: run {id}" : _path;
        return new AgentOpsException(ErrorCodes.SimulationInputInvalid, $"{place}: {message}", place);
    }
}
