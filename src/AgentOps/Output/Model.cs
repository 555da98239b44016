using AgentOps.Simulation.Models;

namespace AgentOps.Output;

/// <summary>A model of the catalog.</summary>
public sealed record Model
{
    /// <summary>Name.</summary>
    public required string Name { get; init; }

    /// <summary>The family of models.</summary>
    public required string Family { get; init; }

    /// <summary>Parameters in billions.</summary>
    public required double ParametersBillion { get; init; }

    /// <summary>Parameters that one token uses, in billions.</summary>
    public required double ActiveBillion { get; init; }

    /// <summary>Layers.</summary>
    public required int Layers { get; init; }

    /// <summary>Longest context in tokens; 0 where unknown.</summary>
    public required int ContextTokens { get; init; }

    /// <summary>The weights' own precision.</summary>
    public required string Precision { get; init; }

    /// <summary>Where the figures come from.</summary>
    public required string Source { get; init; }

    /// <summary>The name, so that the object serves where one is asked for.</summary>
    public override string ToString() => Name;

    internal static Model From(ModelSpec spec) => new()
    {
        Name = spec.Name,
        Family = spec.Family,
        ParametersBillion = Math.Round(spec.TotalParameters / 1e9, 2),
        ActiveBillion = Math.Round(spec.ActiveParameters / 1e9, 2),
        Layers = spec.Layers,
        ContextTokens = spec.MaximumContext,
        Precision = spec.Precision.ToString(),
        Source = spec.Source,
    };
}
