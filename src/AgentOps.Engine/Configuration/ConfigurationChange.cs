using AgentOps.Engine.Ledger;

namespace AgentOps.Engine.Configuration;

/// <summary>One difference between a configuration and the workspace.</summary>
/// <param name="Action">What is done.</param>
/// <param name="Kind">The kind of thing, for example <c>Agent</c>.</param>
/// <param name="Name">Its name.</param>
public sealed record ConfigurationChange(ChangeAction Action, string Kind, string Name)
{
    /// <summary>The event that makes the change.</summary>
    internal NewEvent? Event { get; init; }
}
