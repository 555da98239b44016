namespace AgentOps.Engine.Permissions;

/// <summary>Who is in which group, whether of the configuration, the operating system or the database.</summary>
/// <param name="groups">The groups of the configuration.</param>
/// <param name="external">The others; null: none is known.</param>
public sealed class GroupDirectory(IReadOnlyList<PolicyGroup> groups, IGroupSource? external = null)
{
    /// <summary>Whether a person is a member.</summary>
    /// <param name="group"><c>NAME</c>, <c>group:NAME</c>, <c>os:NAME</c> or <c>database:NAME</c>.</param>
    /// <param name="person">The person.</param>
    /// <returns>Null when it can't be told.</returns>
    public bool? IsMember(string group, string person)
    {
        if (group.StartsWith("os:", StringComparison.Ordinal) || group.StartsWith("database:", StringComparison.Ordinal))
        {
            return external?.IsMember(group, person);
        }

        var name = group.StartsWith("group:", StringComparison.Ordinal) ? group["group:".Length..] : group;
        var found = groups.FirstOrDefault(one => string.Equals(one.Name, name, StringComparison.OrdinalIgnoreCase));
        return found?.Members.Contains(PersonName.Bare(person), StringComparer.Ordinal);
    }
}
