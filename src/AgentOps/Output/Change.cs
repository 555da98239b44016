using AgentOps.Engine.Configuration;

namespace AgentOps.Output;

/// <summary>One difference between a configuration and the workspace.</summary>
public sealed record Change
{
    /// <summary><c>Create</c>, <c>Change</c> or <c>Remove</c>.</summary>
    public required string Action { get; init; }

    /// <summary>The kind of thing, for example <c>Agent</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    internal static Change From(ConfigurationChange change) => new()
    {
        Action = change.Action.ToString(),
        Kind = change.Kind,
        Name = change.Name,
    };
}
