using AgentOps.Engine.Routing;

namespace AgentOps.Output;

/// <summary>A model as a vendor hosts it, with its list price.</summary>
public sealed record HostedModel
{
    /// <summary>The vendor's name of it, without a date or version.</summary>
    public required string Name { get; init; }

    /// <summary>The kind of provider.</summary>
    public required string Provider { get; init; }

    /// <summary>US dollars for a million input tokens.</summary>
    public required decimal Input { get; init; }

    /// <summary>US dollars for a million output tokens, reasoning included.</summary>
    public required decimal Output { get; init; }

    /// <summary>US dollars for a million input tokens read from the vendor's cache; null: as <see cref="Input"/>.</summary>
    public decimal? CachedInput { get; init; }

    /// <summary>US dollars for a million input tokens written to the vendor's cache; null: as <see cref="Input"/>.</summary>
    public decimal? CacheWrite { get; init; }

    /// <summary>What a batch costs in proportion; null: as much as single calls.</summary>
    public decimal? Batch { get; init; }

    /// <summary>Prompt and answer together, in tokens.</summary>
    public required long ContextTokens { get; init; }

    /// <summary>It takes images.</summary>
    public required bool Images { get; init; }

    /// <summary>It refuses any sampling temperature but its own, 1.</summary>
    public required bool FixedTemperature { get; init; }

    /// <summary>Where the figures are from that name no other page.</summary>
    public required string Source { get; init; }

    /// <summary>As of when those hold.</summary>
    public required DateOnly AsOf { get; init; }

    /// <summary>The figures that nobody has seen on the vendor's own page.</summary>
    public required string[] Unconfirmed { get; init; }

    /// <summary>Every figure with its own source and date.</summary>
    public required ModelFigure[] Figures { get; init; }

    /// <summary>What it reached on published benchmarks, each for a domain of prompts; none where nothing is stated.</summary>
    public required ModelScore[] Scores { get; init; }

    /// <summary>The name, so that the object serves where one is asked for.</summary>
    public override string ToString() => Name;

    internal static HostedModel From(Engine.Routing.HostedModel model, IEnumerable<DomainScore> scores) => new()
    {
        Name = model.Model,
        Provider = model.Provider,
        Input = model.Price.Input,
        Output = model.Price.Output,
        CachedInput = model.Price.CachedInput,
        CacheWrite = model.Price.CacheWrite,
        Batch = model.Price.Batch,
        ContextTokens = model.ContextTokens,
        Images = model.Images,
        FixedTemperature = model.FixedTemperature,
        Source = model.Source,
        AsOf = model.Date,
        Unconfirmed = [.. model.Figures.Where(figure => !figure.IsConfirmed).Select(figure => figure.Name)],
        Figures = [.. model.Figures.Select(figure => new ModelFigure(figure.Name, figure.Value, figure.IsConfirmed, figure.Date, figure.Source))],
        Scores = [.. scores.Select(score => new ModelScore(PromptDomains.NameOf(score.Domain), score.Benchmark, score.Score, score.Date, score.Source))],
    };
}
