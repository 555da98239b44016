using AgentOps.Engine.Providers;

namespace AgentOps.Engine.Routing;

/// <summary>What holds for all prompts of one invocation of a route.</summary>
public sealed record RoutePrompt
{
    /// <summary>The route.</summary>
    public required string Route { get; init; }

    /// <summary>System instructions; null for none.</summary>
    public string? Instructions { get; init; }

    /// <summary>Sampling temperature; null for the model's own. At 0 identical prompts are answered once.</summary>
    public decimal? Temperature { get; init; }

    /// <summary>The limit of each answer, in tokens; null for the provider's own.</summary>
    public int? MaxOutputTokens { get; init; }

    /// <summary>The class of the most secret data in the prompts; null for <c>internal</c>.</summary>
    public string? DataClass { get; init; }

    /// <summary>The most that one call may cost, in US dollars; null for no limit.</summary>
    public decimal? MaxCost { get; init; }

    /// <summary>What the work is booked under.</summary>
    public string? Task { get; init; }

    /// <summary>Calls at once, at most.</summary>
    public int MaxConcurrency { get; init; } = 64;

    internal RouteRequest ToRequest(RouteDefinition route, string prompt) => new(route, new ModelRequest
    {
        Model = string.Empty,
        Messages = Instructions is { } instructions
            ? [Message.Text(MessageRole.System, instructions), Message.Text(MessageRole.User, prompt)]
            : [Message.Text(MessageRole.User, prompt)],
        Temperature = Temperature,
        MaxOutputTokens = MaxOutputTokens,
        DataClass = DataClass,
        Task = Task,
    })
    {
        Budget = MaxCost,
    };
}
