namespace AgentOps.Engine.Routing;

/// <summary>How the eligible targets of a route are ranked.</summary>
public enum RouteObjective
{
    /// <summary>As listed.</summary>
    Ordered,

    /// <summary>The cheapest whose predicted quality reaches the route's.</summary>
    CheapestCapable,

    /// <summary>The lowest predicted latency.</summary>
    Fastest,

    /// <summary>The highest predicted quality.</summary>
    Best,

    /// <summary>At random by weight, the same for the same session.</summary>
    Weighted,
}
