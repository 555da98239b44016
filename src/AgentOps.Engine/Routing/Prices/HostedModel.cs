namespace AgentOps.Engine.Routing;

/// <summary>A model as a vendor hosts it.</summary>
/// <param name="Model">The vendor's name of it, without a date or version.</param>
/// <param name="Provider">The kind of provider.</param>
public sealed record HostedModel(string Model, string Provider)
{
    /// <summary>The list price.</summary>
    public required ModelPrice Price { get; init; }

    /// <summary>Prompt and answer together, in tokens.</summary>
    public required long ContextTokens { get; init; }

    /// <summary>It takes images.</summary>
    public bool Images { get; init; }

    /// <summary>It calls tools.</summary>
    public bool Tools { get; init; }

    /// <summary>It refuses any sampling temperature but its own, 1.</summary>
    public bool FixedTemperature { get; init; }

    /// <summary>Where the figures are from that name no other page.</summary>
    public required string Source { get; init; }

    /// <summary>As of when those hold.</summary>
    public required DateOnly Date { get; init; }

    /// <summary>Every figure with its own source and date.</summary>
    public required IReadOnlyList<HostedFigure> Figures { get; init; }
}
