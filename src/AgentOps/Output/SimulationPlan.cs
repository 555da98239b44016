using AgentOps.Protocol.Simulation;

namespace AgentOps.Output;

/// <summary>The cheapest deployment that keeps a promise, and what else was tried.</summary>
public sealed record SimulationPlan
{
    /// <summary>The model.</summary>
    public required string Model { get; init; }

    /// <summary>Whether any deployment keeps the promise.</summary>
    public required bool ObjectiveMet { get; init; }

    /// <summary>The cheapest that keeps it; where none does, the one that most requests find kept.</summary>
    public required SimulationOption Best { get; init; }

    /// <summary>What stands in the way of more requests keeping the promise on the best; null where every request does.</summary>
    public string? Binding { get; init; }

    /// <summary>The best with one more replica: what more accelerators would buy; null where none keeps the promise.</summary>
    public SimulationOption? OneMore { get; init; }

    /// <summary>Options that no other beats in price, latency and share kept together, cheapest first.</summary>
    public required SimulationOption[] ParetoFront { get; init; }

    /// <summary>All that were tried to the end, those that keep the promise first and cheapest first.</summary>
    public required SimulationOption[] Options { get; init; }

    /// <summary>Simulations run.</summary>
    public required int Tried { get; init; }

    internal static SimulationPlan From(PlanReport report)
    {
        var options = report.Options
            .OrderByDescending(option => option.Met)
            .ThenBy(option => option.UsdPerHour ?? decimal.MaxValue)
            .ThenBy(option => option.E2e.Mean)
            .Select(option => SimulationOption.From(report.Model, option))
            .ToArray();
        var best = report.Best is { } found
            ? SimulationOption.From(report.Model, found)
            : options.MaxBy(option => option.ShareKept)!;
        return new SimulationPlan
        {
            Model = report.Model,
            ObjectiveMet = report.Met,
            Best = best,
            Binding = best.Binding,
            OneMore = report.OneMore is { } more ? SimulationOption.From(report.Model, more) : null,
            ParetoFront = [.. options.Where(option => option.IsPareto).OrderBy(option => option.CostPerHour)],
            Options = options,
            Tried = report.Tried,
        };
    }
}
