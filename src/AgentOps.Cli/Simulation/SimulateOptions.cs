using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using AgentOps.Engine.Errors;
using AgentOps.Protocol.Simulation;

namespace AgentOps.Cli.Simulation;

/// <summary>The options of <c>agentops simulate</c>, and how a request comes of them.</summary>
internal sealed class SimulateOptions
{
    private readonly Option<string?> _request = new("--request") { Description = "A request as JSON: a file, or - for standard input. Options given beside it win.", HelpName = "FILE|-" };
    private readonly Option<string?> _model = new("--model", "-m") { Description = "The model, a name of the catalog." };
    private readonly Option<string[]> _accelerators = new("--accelerator", "-a") { Description = "The accelerator, a name of the catalog; several to compare them.", AllowMultipleArgumentsPerToken = true };
    private readonly Option<int?> _tensor = new("--tensor-parallel", "--tp") { Description = "Devices that share each layer; the fewest that fit where left out." };
    private readonly Option<int?> _pipeline = new("--pipeline-parallel", "--pp") { Description = "Stages that the layers are cut into." };
    private readonly Option<int?> _data = new("--data-parallel", "--dp") { Description = "Attention groups that share the experts." };
    private readonly Option<bool> _expert = new("--expert-parallel", "--ep") { Description = "Lay whole experts on the devices." };
    private readonly Option<int?> _replicas = new("--replicas") { Description = "Replicas behind the router." };
    private readonly Option<int?> _prefill = new("--prefill-replicas") { Description = "Replicas that compute prompts alone; the others then only decode." };
    private readonly Option<double?> _calls = new("--calls-per-task") { Description = "Model calls that a task takes, for $/task." };
    private readonly Option<double?> _success = new("--task-success") { Description = "Share of tasks that succeed, for $/task." };
    private readonly Option<decimal?> _credit = new("--credit") { Description = "US dollars of prepaid credit, to say how long it lasts." };
    private readonly Option<string?> _routing = new("--routing") { Description = "round-robin, least-loaded or prefix-aware." };
    private readonly Option<string?> _precision = new("--precision") { Description = "Weights: bf16, fp8, int8 or fp4; the model's own where left out." };
    private readonly Option<string?> _trace = new("--trace", "-t") { Description = "A trace: Azure CSV, Mooncake JSONL (also .gz), or CSV of arrival seconds, prompt and output tokens.", HelpName = "FILE" };
    private readonly Option<double?> _traceSpeed = new("--trace-speed") { Description = "Factor on the trace's arrival rate." };
    private readonly Option<double?> _rate = new("--rate", "-r") { Description = "Requests a second." };
    private readonly Option<double?> _duration = new("--duration", "-d") { Description = "Seconds of load." };
    private readonly Option<int?> _requests = new("--requests", "-n") { Description = "Number of requests; of a trace, the first so many." };
    private readonly Option<string?> _arrivals = new("--arrivals") { Description = "poisson, gamma, constant or normalized-poisson." };
    private readonly Option<string?> _prompt = new("--prompt") { Description = "Prompt tokens: 512, 512~128 (normal), 512~lognormal:300, 512~uniform:100.", HelpName = "TOKENS" };
    private readonly Option<string?> _output = new("--output") { Description = "Answer tokens, written as --prompt.", HelpName = "TOKENS" };
    private readonly Option<int?> _concurrency = new("--concurrency", "-c") { Description = "Requests in flight of a closed loop." };
    private readonly Option<int?> _sequences = new("--max-num-seqs") { Description = "The largest batch." };
    private readonly Option<int?> _stepTokens = new("--max-num-batched-tokens") { Description = "The largest step in tokens." };
    private readonly Option<long?> _blocks = new("--kv-blocks") { Description = "KV blocks of a replica." };
    private readonly Option<bool> _exact = new("--exact") { Description = "Step one by one; the slow oracle of the jumps." };
    private readonly Option<double?> _ttft = new("--slo-ttft") { Description = "Promise: time to the first token, ms." };
    private readonly Option<double?> _tpot = new("--slo-tpot") { Description = "Promise: mean time of a further token, ms." };
    private readonly Option<double?> _e2e = new("--slo-e2e") { Description = "Promise: the whole answer, ms." };
    private readonly Option<double?> _share = new("--slo-share") { Description = "Share of requests that must keep the promise, 0.99 where left out." };
    private readonly Option<decimal?> _price = new("--price") { Description = "US dollars an hour of one device, instead of the catalog's." };
    private readonly Option<ulong?> _seed = new("--seed") { Description = "Seed of arrivals and lengths." };
    private readonly Option<double?> _sample = new("--sample") { Description = "Seconds between points of a time series in JSON output." };

    private readonly bool _comparesAll;

    /// <summary>Adds the options to a command.</summary>
    /// <param name="command">The command.</param>
    /// <param name="comparesAll">Whether no accelerator means all of them, and not the usual one.</param>
    public SimulateOptions(Command command, bool comparesAll = false)
    {
        _comparesAll = comparesAll;
        Option[] all =
        [
            _request, _model, _accelerators, _tensor, _pipeline, _data, _expert, _replicas, _routing, _precision, _trace, _traceSpeed, _rate,
            _duration, _requests, _arrivals, _prompt, _output, _concurrency, _sequences, _stepTokens, _blocks, _exact, _ttft, _tpot, _e2e,
            _share, _price, _seed, _sample, _prefill, _calls, _success, _credit, Catalog,
        ];
        foreach (var option in comparesAll ? all : [.. all, Validate, Calibrate, Destination])
        {
            command.Options.Add(option);
        }
    }

    /// <summary><c>--catalog</c>.</summary>
    public Option<string?> Catalog { get; } = new("--catalog") { Description = "A folder with models.yaml, accelerators.yaml or latency.yaml of your own.", HelpName = "PATH" };

    /// <summary><c>--validate</c>.</summary>
    public Option<string?> Validate { get; } = new("--validate") { Description = "Simulate measured runs instead, and say how far off each figure is.", HelpName = "FILE" };

    /// <summary><c>--calibrate</c>.</summary>
    public Option<string?> Calibrate { get; } = new("--calibrate") { Description = "Fit the latency coefficients to measured runs of your own.", HelpName = "FILE" };

    /// <summary><c>--write</c>.</summary>
    public Option<string?> Destination { get; } = new("--write") { Description = "With --calibrate: the latency.yaml to write.", HelpName = "FILE" };

    /// <summary>Makes the request of a command line.</summary>
    public SimulationRequest Read(ParseResult parsed)
    {
        var given = ReadRequest(parsed.GetValue(_request), _comparesAll);
        var workload = given.Workload;
        var scheduler = given.Scheduler;
        var objective = given.Objective;
        if (parsed.GetValue(_ttft) is not null || parsed.GetValue(_tpot) is not null || parsed.GetValue(_e2e) is not null || parsed.GetValue(_share) is not null)
        {
            objective ??= new ObjectiveRequest();
            objective = objective with
            {
                TtftMilliseconds = parsed.GetValue(_ttft) ?? objective.TtftMilliseconds,
                TpotMilliseconds = parsed.GetValue(_tpot) ?? objective.TpotMilliseconds,
                E2eMilliseconds = parsed.GetValue(_e2e) ?? objective.E2eMilliseconds,
                Share = parsed.GetValue(_share) ?? objective.Share,
            };
        }

        var accelerators = (parsed.GetValue(_accelerators) ?? [])
            .SelectMany(names => names.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            .ToArray();
        return given with
        {
            Model = parsed.GetValue(_model) ?? given.Model,
            Accelerators = accelerators.Length > 0 ? accelerators : given.Accelerators,
            TensorParallel = parsed.GetValue(_tensor) ?? given.TensorParallel,
            PipelineParallel = parsed.GetValue(_pipeline) ?? given.PipelineParallel,
            DataParallel = parsed.GetValue(_data) ?? given.DataParallel,
            ExpertParallel = parsed.GetValue(_expert) || given.ExpertParallel,
            Replicas = parsed.GetValue(_replicas) ?? given.Replicas,
            PrefillReplicas = parsed.GetValue(_prefill) ?? given.PrefillReplicas,
            CallsPerTask = parsed.GetValue(_calls) ?? given.CallsPerTask,
            TaskSuccess = parsed.GetValue(_success) ?? given.TaskSuccess,
            Credit = parsed.GetValue(_credit) ?? given.Credit,
            Routing = parsed.GetValue(_routing) ?? given.Routing,
            Precision = parsed.GetValue(_precision) ?? given.Precision,
            PricePerHour = parsed.GetValue(_price) ?? given.PricePerHour,
            Seed = parsed.GetValue(_seed) ?? given.Seed,
            SampleSeconds = parsed.GetValue(_sample) ?? given.SampleSeconds,
            Objective = objective,
            Workload = workload with
            {
                Trace = parsed.GetValue(_trace) ?? workload.Trace,
                TraceSpeed = parsed.GetValue(_traceSpeed) ?? workload.TraceSpeed,
                Rate = parsed.GetValue(_rate) ?? workload.Rate,
                Duration = parsed.GetValue(_duration) ?? workload.Duration,
                Requests = parsed.GetValue(_requests) ?? workload.Requests,
                Arrivals = parsed.GetValue(_arrivals) ?? workload.Arrivals,
                Prompt = parsed.GetValue(_prompt) is { } prompt ? Length("--prompt", prompt) : workload.Prompt,
                Output = parsed.GetValue(_output) is { } output ? Length("--output", output) : workload.Output,
                Concurrency = parsed.GetValue(_concurrency) ?? workload.Concurrency,
            },
            Scheduler = scheduler with
            {
                MaxNumSeqs = parsed.GetValue(_sequences) ?? scheduler.MaxNumSeqs,
                MaxNumBatchedTokens = parsed.GetValue(_stepTokens) ?? scheduler.MaxNumBatchedTokens,
                KvBlocks = parsed.GetValue(_blocks) ?? scheduler.KvBlocks,
                Exact = parsed.GetValue(_exact) || scheduler.Exact,
            },
        };
    }

    private static SimulationRequest ReadRequest(string? path, bool comparesAll)
    {
        if (path is null)
        {
            return new SimulationRequest { Model = "llama-3.1-8b", Accelerators = comparesAll ? [] : ["h100"] };
        }

        try
        {
            using var stream = path == "-" ? Console.OpenStandardInput() : File.OpenRead(path);
            return JsonSerializer.Deserialize(stream, SimulationJson.Default.SimulationRequest)
                ?? throw new AgentOpsException(ErrorCodes.SimulationInputInvalid, $"{path}: the request is null.", path);
        }
        catch (JsonException exception)
        {
            var place = string.Create(CultureInfo.InvariantCulture, $"{path}:{exception.LineNumber + 1}:{exception.BytePositionInLine + 1}");
            throw new AgentOpsException(ErrorCodes.SimulationInputInvalid, $"{place}: {exception.Message}", place, innerException: exception);
        }
    }

    // 512 · 512~128 · 512~lognormal:300 · 512~uniform:100
    private static LengthRequest Length(string option, string text)
    {
        var parts = text.Split('~', 2);
        var kind = "fixed";
        var deviation = 0.0;
        var good = double.TryParse(parts[0], NumberStyles.Float, CultureInfo.InvariantCulture, out var mean);
        if (parts.Length == 2)
        {
            var shape = parts[1].Split(':', 2);
            kind = shape.Length == 2 ? shape[0] : "normal";
            good &= double.TryParse(shape[^1], NumberStyles.Float, CultureInfo.InvariantCulture, out deviation);
        }

        return good
            ? new LengthRequest { Kind = kind, Mean = mean, Deviation = deviation }
            : throw new AgentOpsException(ErrorCodes.SimulationInvalid, $"{option}: '{text}' is no length.", option, "Write 512, 512~128, 512~lognormal:300 or 512~uniform:100.");
    }
}
