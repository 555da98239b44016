using AgentOps.Engine.Providers;

namespace AgentOps.Output;

/// <summary>A place where models are called.</summary>
public sealed record Provider
{
    /// <summary>Name.</summary>
    public required string Name { get; init; }

    /// <summary>The protocol that it speaks.</summary>
    public required string Kind { get; init; }

    /// <summary>The endpoint's base address; null for the vendor's own.</summary>
    public Uri? Uri { get; init; }

    /// <summary>The reference to its credential, never the credential.</summary>
    public string? Secret { get; init; }

    /// <summary>An HTTP proxy; null for the system's.</summary>
    public Uri? Proxy { get; init; }

    /// <summary>The most secret data class that may be sent there; null for the kind's default.</summary>
    public string? Clearance { get; init; }

    /// <summary>Prepaid credit that is left, in USD; null where there is none.</summary>
    public decimal? Credit { get; init; }

    /// <summary>The name, so that the object serves where one is asked for.</summary>
    public override string ToString() => Name;

    internal static Provider From(ProviderDefinition definition) => new()
    {
        Name = definition.Name,
        Kind = definition.Kind,
        Uri = definition.Uri,
        Secret = definition.Secret,
        Proxy = definition.Proxy,
        Clearance = definition.Clearance,
        Credit = definition.Terms?.Credit,
    };
}
