using AgentOps.Engine.Approvals;

namespace AgentOps.Output;

/// <summary>A person who answers requests by signing.</summary>
public sealed record Person
{
    /// <summary>The name.</summary>
    public required string Name { get; init; }

    /// <summary>The account of the same person; null where there is none to be counted with it.</summary>
    public string? Account { get; init; }

    /// <summary>SHA-256 over the public key's SubjectPublicKeyInfo, in hex.</summary>
    public required string KeyId { get; init; }

    /// <summary>When it was registered, UTC.</summary>
    public required DateTimeOffset Registered { get; init; }

    /// <summary>The name, so that the object serves where one is asked for.</summary>
    public override string ToString() => Name;

    internal static Person From(RegisteredPerson person) => new() { Name = person.Name, Account = person.Account, KeyId = person.KeyId, Registered = person.Registered };
}
