using AgentOps.Engine.Routing.Quality;

namespace AgentOps.Output;

/// <summary>What a router would save on a table of prompts, scores and costs.</summary>
public sealed record RouterEvaluation
{
    /// <summary>The file.</summary>
    public required string Table { get; init; }

    /// <summary><c>learned</c>, <c>zero</c> (mixes models at random), <c>category</c> (is told each prompt's category) or <c>oracle</c> (is told scores and costs).</summary>
    public required string Router { get; init; }

    /// <summary>Prompts that every model answered.</summary>
    public required int Prompts { get; init; }

    /// <summary>Prompts that were left out, because not every model answered them.</summary>
    public required int LeftOut { get; init; }

    /// <summary>The models.</summary>
    public required string[] Models { get; init; }

    /// <summary>The model whose quality and cost the others are measured by.</summary>
    public required string Strongest { get; init; }

    /// <summary>The share of the strongest model's cost that is saved at 95 % of its quality.</summary>
    public required Estimate Saved95 { get; init; }

    /// <summary>The same at 100 %.</summary>
    public required Estimate Saved100 { get; init; }

    /// <summary>How much more is saved than by the zero-router, at 95 %.</summary>
    public required Estimate BeyondZero { get; init; }

    /// <summary>The share of prompts that the strongest model takes for 95 %, 0 to 1.</summary>
    public required double StrongCalls95 { get; init; }

    /// <summary>The mean quality over the costs between the cheapest and the dearest model (average improvement in quality); null where all cost the same.</summary>
    public double? Aiq { get; init; }

    internal static RouterEvaluation From(string file, QualityTable table, string strongest, RouterReport report) => new()
    {
        Table = file,
        Router = report.Router,
        Prompts = table.Examples.Count,
        LeftOut = table.LeftOut,
        Models = [.. table.Models],
        Strongest = strongest,
        Saved95 = Estimate.From(report.Saved95),
        Saved100 = Estimate.From(report.Saved100),
        BeyondZero = Estimate.From(report.BeyondZero),
        StrongCalls95 = report.StrongCalls95,
        Aiq = report.Aiq,
    };
}
