namespace AgentOps.Output;

/// <summary>The key with which an agent proves who it is.</summary>
public sealed record AgentIdentity
{
    /// <summary>The agent.</summary>
    public required string Agent { get; init; }

    /// <summary>The key's thumbprint (RFC 7638): <c>kid</c> in its tokens and in the key set.</summary>
    public required string KeyId { get; init; }

    /// <summary>When it was made, UTC.</summary>
    public required DateTimeOffset Created { get; init; }
}
