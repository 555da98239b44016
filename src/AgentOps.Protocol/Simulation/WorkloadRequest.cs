namespace AgentOps.Protocol.Simulation;

/// <summary>A load: a trace file, or a synthetic one.</summary>
// Settable, and not init-only: the source-generated reader would overwrite what the JSON leaves out with zeros.
public sealed record WorkloadRequest
{
    /// <summary>A trace file: Azure CSV, Mooncake JSONL, or a CSV of arrival seconds, prompt and output tokens.</summary>
    public string? Trace { get; set; }

    /// <summary>Factor on a trace's arrival rate.</summary>
    public double TraceSpeed { get; set; } = 1;

    /// <summary><c>poisson</c>, <c>gamma</c>, <c>constant</c> or <c>normalized-poisson</c>.</summary>
    public string Arrivals { get; set; } = "poisson";

    /// <summary>Coefficient of variation of gamma gaps.</summary>
    public double Burstiness { get; set; } = 1;

    /// <summary>Requests a second, where there are no stages.</summary>
    public double? Rate { get; set; }

    /// <summary>Seconds of load, where there are no stages.</summary>
    public double? Duration { get; set; }

    /// <summary>Number of requests; of a trace, the first so many.</summary>
    public int? Requests { get; set; }

    /// <summary>Stages one after the other.</summary>
    public IReadOnlyList<StageRequest>? Stages { get; set; }

    /// <summary>Prompt lengths.</summary>
    public LengthRequest? Prompt { get; set; }

    /// <summary>Answer lengths.</summary>
    public LengthRequest? Output { get; set; }

    /// <summary>Shared beginnings and turns.</summary>
    public PrefixRequest? Prefixes { get; set; }

    /// <summary>Requests in flight of a closed loop; 0 for an open loop.</summary>
    public int Concurrency { get; set; }
}
