using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace AgentOps.Engine.Telemetry;

/// <summary>
/// What AgentOps tells OpenTelemetry: names of spans, metrics and attributes, after its semantic conventions for generative AI where
/// there is one (opentelemetry.io/docs/specs/semconv/gen-ai). Nothing is made unless somebody listens. Prompts, answers, arguments and
/// reasons are never among it.
/// </summary>
public static class Signals
{
    /// <summary>The name of the source of spans and of the meter, for whoever listens in the same process.</summary>
    public const string Name = "AgentOps";

    private static readonly Meter Meter = new(Name, Version);

    // The boundaries that the conventions recommend.
    private static readonly InstrumentAdvice<long> TokenBuckets = new()
    {
        HistogramBucketBoundaries = [1, 4, 16, 64, 256, 1024, 4096, 16384, 65536, 262144, 1048576, 4194304, 16777216, 67108864],
    };

    private static readonly InstrumentAdvice<double> DurationBuckets = new()
    {
        HistogramBucketBoundaries = [0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92],
    };

    internal static string Version { get; } = typeof(Signals).Assembly.GetName().Version!.ToString(3);

    internal static ActivitySource Source { get; } = new(Name, Version);

    /// <summary>Tokens of one model call, input and output apart.</summary>
    internal static Histogram<long> Tokens { get; } = Meter.CreateHistogram("gen_ai.client.token.usage", "{token}", "Tokens of a model call.", advice: TokenBuckets);

    /// <summary>How long one model call took.</summary>
    internal static Histogram<double> Duration { get; } = Meter.CreateHistogram("gen_ai.client.operation.duration", "s", "How long a model call took.", advice: DurationBuckets);

    /// <summary>Decisions on proposed tool calls: allowed, refused, planned, pending.</summary>
    internal static Counter<long> Decisions { get; } = Meter.CreateCounter<long>("agentops.decisions", "{call}", "Decisions on proposed tool calls.");

    /// <summary>Requests to persons: requested, approved, denied, used.</summary>
    internal static Counter<long> Approvals { get; } = Meter.CreateCounter<long>("agentops.approvals", "{request}", "Requests for approval, and what became of them.");

    /// <summary>What models cost.</summary>
    internal static Counter<double> Spend { get; } = Meter.CreateCounter<double>("agentops.spend", "{USD}", "What model calls cost.");

    /// <summary>Sessions by how they ended.</summary>
    internal static Counter<long> Sessions { get; } = Meter.CreateCounter<long>("agentops.sessions", "{session}", "Sessions that ended or wait.");

    /// <summary>Whether anybody listens to anything.</summary>
    internal static bool AreWanted => Source.HasListeners() || Tokens.Enabled || Duration.Enabled || Decisions.Enabled || Approvals.Enabled || Spend.Enabled || Sessions.Enabled;
}
