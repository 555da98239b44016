namespace AgentOps.Engine.Permissions;

/// <summary>One question: may this agent do this, now?</summary>
public sealed record AuthorizationRequest
{
    /// <summary>The agent's name.</summary>
    public required string Agent { get; init; }

    /// <summary>The person for whom it acts; null when it acts for no one.</summary>
    public string? OnBehalfOf { get; init; }

    /// <summary>The resource: <c>tool:NAME</c>, <c>route:NAME</c>, <c>data:PATH</c>, <c>net:HOST</c> or <c>agent:NAME</c>.</summary>
    public required string Resource { get; init; }

    /// <summary><c>sha256:</c> and 64 hexadecimal digits of the tool's schema, for rules that pin it.</summary>
    public string? SchemaDigest { get; init; }

    /// <summary>The frozen arguments that will be executed.</summary>
    public BoundArguments Arguments { get; init; } = BoundArguments.Empty;

    /// <summary>What the host states.</summary>
    public IFactSource Facts { get; init; } = FactSnapshot.Empty;

    /// <summary>What the ledger knows; null: rules that ask it are in error.</summary>
    public IHistorySource? History { get; init; }

    /// <summary>The session.</summary>
    public string? Session { get; init; }

    /// <summary>The tool that undoes this one, where the tool declares it; a <c>compensate</c> obligation is met by it.</summary>
    public string? CompensationTool { get; init; }

    /// <summary>The moment, by the ledger's clock.</summary>
    public required DateTimeOffset Now { get; init; }
}
