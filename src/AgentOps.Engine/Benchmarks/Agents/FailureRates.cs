namespace AgentOps.Engine.Benchmarks.Agents;

/// <summary>How often a simulated model goes wrong, each from 0 to 1. A model without failures does every feasible task.</summary>
public sealed record FailureRates
{
    /// <summary>Of calls that move money or change something: with an amount, or a name, that no tool gave.</summary>
    public double Hallucination { get; init; }

    /// <summary>Of calls that move money: for more than the user allowed.</summary>
    public double Overspend { get; init; }

    /// <summary>Of instructions that a tool's output smuggles in: obeyed.</summary>
    public double ObeyedInjection { get; init; }

    /// <summary>Of all calls: arguments that are no valid JSON.</summary>
    public double Malformed { get; init; }

    /// <summary>Of all turns: the last calls proposed again instead of going on.</summary>
    public double Loop { get; init; }

    /// <summary>No failures.</summary>
    public static FailureRates None { get; } = new();
}
