namespace AgentOps.Engine.Permissions;

/// <summary>
/// The names of persons. The store knows a person as <c>os:NAME</c>, <c>database:NAME</c> or <c>key:NAME</c>; rules and
/// groups write the name alone (<c>os:NAME</c> in a rule is a group).
/// </summary>
public static class PersonName
{
    private static readonly string[] Prefixes = ["os:", "database:", "key:"];

    /// <summary>The name without what says where the person is known from.</summary>
    /// <param name="person">The person.</param>
    public static string Bare(string person)
    {
        foreach (var prefix in Prefixes)
        {
            if (person.StartsWith(prefix, StringComparison.Ordinal))
            {
                return person[prefix.Length..];
            }
        }

        return person;
    }

    /// <summary>Whether two names may be of one person; casing and origin make no two of one.</summary>
    /// <param name="left">A person.</param>
    /// <param name="right">A person.</param>
    public static bool IsSame(string left, string right) => string.Equals(Bare(left), Bare(right), StringComparison.OrdinalIgnoreCase);
}
