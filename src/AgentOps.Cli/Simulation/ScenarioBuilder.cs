using AgentOps.Engine.Catalog;
using AgentOps.Engine.Errors;
using AgentOps.Protocol.Simulation;
using AgentOps.Simulation;
using AgentOps.Simulation.Latency;
using AgentOps.Simulation.Models;
using AgentOps.Simulation.Serving;
using AgentOps.Simulation.Workloads;

namespace AgentOps.Cli.Simulation;

/// <summary>Turns a request into scenarios, one an accelerator.</summary>
internal sealed class ScenarioBuilder(ModelCatalog models, AcceleratorCatalog accelerators, LatencyCoefficients coefficients)
{
    /// <summary>Draws or reads the load of a request.</summary>
    public static RequestSet Load(SimulationRequest request, CancellationToken cancellationToken)
    {
        var workload = request.Workload;
        if (workload.Trace is { } trace)
        {
            return TraceFile.Read(trace, workload.Requests, workload.TraceSpeed, cancellationToken);
        }

        return WorkloadGenerator.Generate(new WorkloadOptions
        {
            Arrivals = Choice("workload.arrivals", workload.Arrivals, Arrivals),
            Burstiness = workload.Burstiness,
            Requests = workload.Requests,
            Stages = Stages(workload),
            Prompt = Length("workload.prompt", workload.Prompt, 512),
            Output = Length("workload.output", workload.Output, 256),
            Prefixes = workload.Prefixes is { } prefixes
                ? new SharedPrefixes(prefixes.SystemPrompts, prefixes.UsersPerPrompt, prefixes.SystemTokens, prefixes.QuestionTokens, prefixes.Turns, prefixes.RepeatQuestions, Seconds("workload.prefixes.pauseSeconds", prefixes.PauseSeconds))
                : null,
            Seed = request.Seed,
        }, cancellationToken);
    }

    /// <summary>Makes the scenario of a request on one accelerator.</summary>
    public Scenario Build(SimulationRequest request, string accelerator, RequestSet requests)
    {
        var scheduler = Scheduler(request.Scheduler);
        var deployment = new Deployment
        {
            Model = models.Find(request.Model),
            Accelerator = accelerators.Find(accelerator),
            TensorParallel = Math.Max(1, request.TensorParallel),
            PipelineParallel = request.PipelineParallel,
            DataParallel = request.DataParallel,
            ExpertParallel = request.ExpertParallel,
            ExpertImbalance = request.ExpertImbalance,
            WeightPrecision = request.Precision is { } precision ? Choice("precision", precision, PrecisionNames.All) : null,
            KeyValuePrecision = Choice("kvPrecision", request.KvPrecision, PrecisionNames.All),
            MemoryUtilization = request.MemoryUtilization,
        };
        if (request.TensorParallel == 0 && scheduler.KeyValueBlocks is null)
        {
            deployment = deployment.OnFewestDevices(scheduler.BlockSize, scheduler.MaximumStepTokens);
        }

        return new Scenario
        {
            Deployment = deployment,
            Requests = requests,
            Scheduler = scheduler,
            Coefficients = coefficients,
            Replicas = request.Replicas,
            PrefillReplicas = request.PrefillReplicas,
            Autoscale = request.Autoscale is { } autoscale
                ? new AutoscaleOptions(autoscale.Minimum, autoscale.TargetLoad, Seconds("autoscale.startDelaySeconds", autoscale.StartDelaySeconds))
                : null,
            Routing = Choice("routing", request.Routing, Routings),
            Concurrency = request.Workload.Concurrency,
            SampleEvery = request.SampleSeconds is { } seconds ? Seconds("sampleSeconds", seconds) : null,
        };
    }

    private static Dictionary<string, ArrivalProcess> Arrivals => new(StringComparer.OrdinalIgnoreCase)
    {
        ["poisson"] = ArrivalProcess.Poisson,
        ["gamma"] = ArrivalProcess.Gamma,
        ["constant"] = ArrivalProcess.Constant,
        ["normalized-poisson"] = ArrivalProcess.NormalizedPoisson,
    };

    private static Dictionary<string, RoutingPolicy> Routings => new(StringComparer.OrdinalIgnoreCase)
    {
        ["round-robin"] = RoutingPolicy.RoundRobin,
        ["least-loaded"] = RoutingPolicy.LeastLoaded,
        ["prefix-aware"] = RoutingPolicy.PrefixAware,
    };

    private static Dictionary<string, LengthKind> Lengths => new(StringComparer.OrdinalIgnoreCase)
    {
        ["fixed"] = LengthKind.Fixed,
        ["normal"] = LengthKind.Normal,
        ["lognormal"] = LengthKind.Lognormal,
        ["uniform"] = LengthKind.Uniform,
        ["empirical"] = LengthKind.Empirical,
    };

    private static Dictionary<string, BatchingKind> Batchings => new(StringComparer.OrdinalIgnoreCase)
    {
        ["continuous"] = BatchingKind.Continuous,
        ["static"] = BatchingKind.Static,
        ["dynamic"] = BatchingKind.Dynamic,
    };

    private static Dictionary<string, QueueOrder> Orders => new(StringComparer.OrdinalIgnoreCase)
    {
        ["first-come"] = QueueOrder.FirstCome,
        ["priority"] = QueueOrder.Priority,
        ["shortest-job"] = QueueOrder.ShortestJob,
    };

    private static LoadStage[] Stages(WorkloadRequest workload)
    {
        if (workload.Stages is { Count: > 0 } stages)
        {
            return [.. stages.Select(stage => new LoadStage(Seconds("workload.stages.duration", stage.Duration), stage.Rate))];
        }

        if (workload.Concurrency > 0)
        {
            // A closed loop makes its own arrivals; only their number counts.
            return [new LoadStage(TimeSpan.FromSeconds(Math.Max(1, workload.Requests ?? (10 * workload.Concurrency))), 1)];
        }

        return workload.Rate is { } rate
            ? [new LoadStage(Seconds("workload.duration", workload.Duration ?? (workload.Requests is null ? 600 : 0)), rate)]
            : [];
    }

    private static LengthDistribution Length(string target, LengthRequest? length, int otherwise) => length is null
        ? LengthDistribution.Of(otherwise)
        : new LengthDistribution
        {
            Kind = Choice(target + ".kind", length.Kind, Lengths),
            Mean = length.Mean,
            Deviation = length.Deviation,
            Minimum = length.Minimum,
            Maximum = length.Maximum == 0 ? int.MaxValue : length.Maximum,
            Values = length.Values ?? [],
        };

    private static SchedulerOptions Scheduler(SchedulerRequest request)
    {
        var sequences = request.MaxNumSeqs ?? 256;
        return new SchedulerOptions
        {
            Batching = Choice("scheduler.batching", request.Batching, Batchings),
            Order = Choice("scheduler.order", request.Order, Orders),
            MaximumSequences = sequences,
            MaximumStepTokens = request.MaxNumBatchedTokens ?? Math.Max(8192, sequences * (1 + request.SpeculativeTokens)),
            BlockSize = request.BlockSize ?? 16,
            KeyValueBlocks = request.KvBlocks,
            HostBlocks = request.CpuKvBlocks,
            PrefixCaching = request.PrefixCaching,
            AsynchronousScheduling = request.AsyncScheduling,
            BatchSize = request.BatchSize,
            BatchTimeout = Seconds("scheduler.batchTimeoutMilliseconds", request.BatchTimeoutMilliseconds / 1000),
            SpeculativeTokens = request.SpeculativeTokens,
            AcceptanceRate = request.AcceptanceRate,
            ExactStepping = request.Exact,
        };
    }

    private static TimeSpan Seconds(string target, double seconds) => seconds is >= 0 and <= 90 * 86_400
        ? TimeSpan.FromTicks((long)(seconds * TimeSpan.TicksPerSecond))
        : throw new SimulationInputException(target, $"{target} is not within 0 and 90 days.", "Give seconds of 0 or more.");

    private static T Choice<T>(string target, string name, IReadOnlyDictionary<string, T> choices) => choices.TryGetValue(name, out var value)
        ? value
        : throw new AgentOpsException(ErrorCodes.SimulationInvalid, $"{target}: '{name}' is not known.", target, $"Use one of {string.Join(", ", choices.Keys)}.");
}
