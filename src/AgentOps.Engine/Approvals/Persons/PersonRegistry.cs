using System.Collections.Immutable;
using AgentOps.Engine.Permissions;

namespace AgentOps.Engine.Approvals;

/// <summary>The registered persons: a projection of the ledger, immutable. A key and the account that it belongs to are one person.</summary>
public sealed class PersonRegistry
{
    private readonly ImmutableDictionary<string, RegisteredPerson> _persons;

    private PersonRegistry(ImmutableDictionary<string, RegisteredPerson> persons) => _persons = persons;

    /// <summary>Nobody.</summary>
    public static PersonRegistry Empty { get; } = new(ImmutableDictionary.Create<string, RegisteredPerson>(StringComparer.OrdinalIgnoreCase));

    /// <summary>All of them.</summary>
    public IEnumerable<RegisteredPerson> All => _persons.Values;

    /// <summary>Finds one by name, or by <c>key:NAME</c>; null when there is none.</summary>
    public RegisteredPerson? Find(string name) =>
        _persons.GetValueOrDefault(name.StartsWith(RegisteredPerson.Prefix, StringComparison.Ordinal) ? name[RegisteredPerson.Prefix.Length..] : name);

    /// <summary>Whose signature it is; null where it is nobody's.</summary>
    public RegisteredPerson? FindSigner(byte[] text, byte[] signature) => _persons.Values.FirstOrDefault(person => person.Signed(text, signature));

    /// <summary>Everything that a person goes by: its own name, and for a key the account that it belongs to.</summary>
    public IEnumerable<string> NamesOf(string person)
    {
        yield return PersonName.Bare(person);
        if (person.StartsWith(RegisteredPerson.Prefix, StringComparison.Ordinal) && Find(person)?.Account is { } account)
        {
            yield return PersonName.Bare(account);
        }
    }

    /// <summary>Whether two names may be of one person.</summary>
    public bool IsSame(string left, string right) => NamesOf(left).Intersect(NamesOf(right), StringComparer.OrdinalIgnoreCase).Any();

    /// <summary>With one more, or another in the place of that name.</summary>
    internal PersonRegistry With(RegisteredPerson person) => new(_persons.SetItem(person.Name, person));

    /// <summary>Without one.</summary>
    internal PersonRegistry Without(string name) => new(_persons.Remove(name));
}
