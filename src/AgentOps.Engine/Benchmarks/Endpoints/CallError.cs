namespace AgentOps.Engine.Benchmarks.Endpoints;

/// <summary>The class of a failed call.</summary>
public enum CallError
{
    /// <summary>Nothing came in time.</summary>
    Timeout,

    /// <summary>HTTP 429: too many calls, or no credit.</summary>
    RateLimit,

    /// <summary>HTTP 5xx, and overload by any status.</summary>
    Server,

    /// <summary>A content filter refused the prompt or the answer.</summary>
    Filter,

    /// <summary>The answer was not in the protocol's form, or broke off.</summary>
    Malformed,

    /// <summary>No connection.</summary>
    Connection,

    /// <summary>The request or its credential was refused.</summary>
    Refused,
}
