namespace AgentOps.Engine.Tools.OpenApi;

/// <summary>What an administrator says of a service beside its OpenAPI document.</summary>
public sealed record OpenApiOptions
{
    /// <summary>Nothing is said.</summary>
    public static OpenApiOptions Default { get; } = new();

    /// <summary>Where the operations are, instead of the document's first server; http or https.</summary>
    public Uri? Server { get; init; }

    /// <summary>References to secrets (<c>env:NAME</c>, <c>vault:NAME</c>), by the names of the document's security schemes.</summary>
    public IReadOnlyDictionary<string, string> Secrets { get; init; } = new Dictionary<string, string>();

    /// <summary>Whether the host may resolve to a loopback, link-local or private address.</summary>
    public bool AllowPrivateNetwork { get; init; }
}
