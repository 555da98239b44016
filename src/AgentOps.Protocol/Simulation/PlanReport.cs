using System.Text.Json.Serialization;

namespace AgentOps.Protocol.Simulation;

/// <summary>What <c>agentops optimize</c> found; a line of type <c>result</c>.</summary>
public sealed record PlanReport
{
    /// <summary>Always <c>result</c>.</summary>
    [JsonPropertyOrder(-1)]
    public string Type { get; init; } = "result";

    /// <summary>Whether any deployment keeps the promise.</summary>
    public required bool Met { get; init; }

    /// <summary>The model.</summary>
    public required string Model { get; init; }

    /// <summary>The cheapest that keeps it.</summary>
    public OptionReport? Best { get; init; }

    /// <summary>The best with one more replica.</summary>
    public OptionReport? OneMore { get; init; }

    /// <summary>All that were tried to the end.</summary>
    public required IReadOnlyList<OptionReport> Options { get; init; }

    /// <summary>Simulations run.</summary>
    public required int Tried { get; init; }
}
