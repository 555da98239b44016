namespace AgentOps.Engine.Routing;

/// <summary>Which filter rejected a candidate.</summary>
public enum RejectionKind
{
    /// <summary>Not rejected.</summary>
    None,

    /// <summary>Its provider isn't registered.</summary>
    ProviderUnknown,

    /// <summary>The prompt's data class is above its clearance.</summary>
    DataClass,

    /// <summary>The agent has no right to it.</summary>
    Permission,

    /// <summary>Its region isn't allowed.</summary>
    Region,

    /// <summary>It can't do what the request needs: tools, images, a temperature.</summary>
    Capability,

    /// <summary>The prompt is too long for it.</summary>
    ContextLength,

    /// <summary>The call may cost more than is left.</summary>
    Budget,

    /// <summary>The account's credit is used up, expired, or doesn't pay for it.</summary>
    Credit,

    /// <summary>Its circuit is open after failures.</summary>
    CircuitOpen,

    /// <summary>Its predicted latency is above the route's limit.</summary>
    Latency,

    /// <summary>Its predicted quality is below the route's.</summary>
    Quality,
}
