using AgentOps.Engine.Routing;

namespace AgentOps.Output;

/// <summary>A route: the models that a prompt may go to, and how one of them is chosen.</summary>
public sealed record Route
{
    /// <summary>Name.</summary>
    public required string Name { get; init; }

    /// <summary>The targets, as <c>provider/model</c>, in order of preference.</summary>
    public required IReadOnlyList<string> Target { get; init; }

    /// <summary>How eligible targets are ranked.</summary>
    public required string Objective { get; init; }

    /// <summary>The least predicted quality that counts as capable; null for 95 % of the best target's.</summary>
    public decimal? MinimumQuality { get; init; }

    /// <summary>The file of the route's quality model; null for none.</summary>
    public string? QualityModel { get; init; }

    /// <summary>The longest acceptable wait for the first token; null for any.</summary>
    public TimeSpan? MaximumLatency { get; init; }

    /// <summary>The only regions allowed; empty for all.</summary>
    public required IReadOnlyList<string> Region { get; init; }

    /// <summary>What a million input tokens cost at these targets, in USD; null where the catalog says it, or the targets differ.</summary>
    public decimal? InputPrice { get; init; }

    /// <summary>What a million output tokens cost at these targets, in USD; null where the catalog says it, or the targets differ.</summary>
    public decimal? OutputPrice { get; init; }

    /// <summary>The name, so that the object serves where one is asked for.</summary>
    public override string ToString() => Name;

    internal static Route From(RouteDefinition definition)
    {
        var price = definition.Targets.Select(target => target.Price).Distinct().ToArray() is [{ } only] && only == new ModelPrice(only.Input, only.Output) ? only : null;
        return new()
        {
            Name = definition.Name,
            Target = definition.Targets.Select(target => target.ToString()).ToArray(),
            Objective = definition.Objective.ToString(),
            MinimumQuality = definition.MinimumQuality,
            QualityModel = definition.QualityModel?.File,
            MaximumLatency = definition.MaximumLatency,
            Region = definition.Regions ?? [],
            InputPrice = price?.Input,
            OutputPrice = price?.Output,
        };
    }
}
