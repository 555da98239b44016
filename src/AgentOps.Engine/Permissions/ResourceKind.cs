namespace AgentOps.Engine.Permissions;

/// <summary>What a resource name speaks of.</summary>
public enum ResourceKind
{
    /// <summary><c>tool:NAME</c>, a registered tool.</summary>
    Tool,

    /// <summary><c>route:NAME</c>, a route to models.</summary>
    Route,

    /// <summary><c>data:PATH</c>, data under a path with forward slashes.</summary>
    Data,

    /// <summary><c>net:HOST</c>, a host on the network.</summary>
    Net,

    /// <summary><c>agent:NAME</c>, another agent (delegation).</summary>
    Agent,
}
