namespace AgentOps.Engine.Permissions;

/// <summary>The groups of this host's operating system and, where the store is on a server, of its database.</summary>
/// <param name="database">The database's; null for a store that is no database.</param>
internal sealed class ExternalGroups(IGroupSource? database) : IGroupSource
{
    private readonly OperatingSystemGroups _system = new();

    /// <inheritdoc/>
    public bool? IsMember(string group, string person) =>
        group.StartsWith(DatabasePrefix, StringComparison.Ordinal) ? database?.IsMember(group, person) : _system.IsMember(group, person);

    /// <summary>What the name of a database's group begins with.</summary>
    internal const string DatabasePrefix = "database:";

    /// <summary>
    /// The name of a person as a source of groups knows it; null where the person is known from elsewhere: an account of the
    /// operating system and a role of the database that are called alike need not be one person.
    /// </summary>
    /// <param name="person">The person, with or without where it is known from.</param>
    /// <param name="prefix">What the source's own persons begin with.</param>
    internal static string? NameIn(string person, string prefix) =>
        person.StartsWith(prefix, StringComparison.Ordinal) ? person[prefix.Length..]
        : string.Equals(PersonName.Bare(person), person, StringComparison.Ordinal) ? person
        : null;
}
