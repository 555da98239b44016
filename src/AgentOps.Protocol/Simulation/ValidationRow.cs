using System.Text.Json.Serialization;

namespace AgentOps.Protocol.Simulation;

/// <summary>A measured run beside its simulation; a line of type <c>run</c>.</summary>
public sealed record ValidationRow
{
    /// <summary>Always <c>run</c>.</summary>
    [JsonPropertyOrder(-1)]
    public string Type { get; init; } = "run";

    /// <summary>The run's name.</summary>
    public required string Id { get; init; }

    /// <summary>The model.</summary>
    public required string Model { get; init; }

    /// <summary>The accelerator.</summary>
    public required string Accelerator { get; init; }

    /// <summary>Devices that share each layer.</summary>
    public required int TensorParallel { get; init; }

    /// <summary>Measured milliseconds by metric, named as in the file.</summary>
    public required IReadOnlyDictionary<string, double> Measured { get; init; }

    /// <summary>Simulated milliseconds by metric.</summary>
    public required IReadOnlyDictionary<string, double> Simulated { get; init; }

    /// <summary>Error by metric in percent, above 0 where the simulation is too slow.</summary>
    public required IReadOnlyDictionary<string, double> ErrorPercent { get; init; }

    /// <summary>The lowest simulated milliseconds by metric over the arrival seeds.</summary>
    public required IReadOnlyDictionary<string, double> Lowest { get; init; }

    /// <summary>The highest simulated milliseconds by metric over the arrival seeds.</summary>
    public required IReadOnlyDictionary<string, double> Highest { get; init; }

    /// <summary>Whether the load outran the simulated server, so that figures depend on how long it lasts.</summary>
    public required bool Saturated { get; init; }

    /// <summary>Share of prompt tokens found in the prefix cache.</summary>
    public required double PrefixHitRate { get; init; }
}
