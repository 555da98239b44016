using System.Text.Json.Nodes;

namespace AgentOps.Engine.Providers;

/// <summary>One call of a model, in no vendor's form.</summary>
public sealed record ModelRequest
{
    /// <summary>The provider's name of the model; the router fills in the chosen target's.</summary>
    public required string Model { get; init; }

    /// <summary>The conversation, oldest first.</summary>
    public required IReadOnlyList<Message> Messages { get; init; }

    /// <summary>The tools that the model may propose calls of.</summary>
    public IReadOnlyList<ModelTool> Tools { get; init; } = [];

    /// <summary>Whether tools may or must be called.</summary>
    public ToolChoice ToolChoice { get; init; }

    /// <summary>A limit on the answer, in tokens, reasoning included; null for the provider's own.</summary>
    public int? MaxOutputTokens { get; init; }

    /// <summary>Sampling temperature; null for the model's own.</summary>
    public decimal? Temperature { get; init; }

    /// <summary>Where the vendor has one: the seed of sampling.</summary>
    public long? Seed { get; init; }

    /// <summary>Texts at which the answer ends.</summary>
    public IReadOnlyList<string> StopSequences { get; init; } = [];

    /// <summary>A JSON Schema that the answer must satisfy.</summary>
    public JsonObject? OutputSchema { get; init; }

    /// <summary>Ask for a stream. Without it the answer comes whole, as the same events.</summary>
    public bool Stream { get; init; } = true;

    /// <summary>The class of the most secret data in it: <c>public</c>, <c>internal</c>, <c>confidential</c> or <c>secret</c>.</summary>
    public string? DataClass { get; init; }

    /// <summary>The agent that it is for.</summary>
    public string? Agent { get; init; }

    /// <summary>The session that it is for.</summary>
    public string? Session { get; init; }

    /// <summary>The task that its cost is attributed to.</summary>
    public string? Task { get; init; }

    /// <summary>Told when the response's headers arrive, where the provider answers over HTTP; for measurements.</summary>
    internal Action? HeadersArrived { get; init; }
}
