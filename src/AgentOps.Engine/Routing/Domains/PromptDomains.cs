namespace AgentOps.Engine.Routing;

/// <summary>The names of domains, as catalogs and ledgers write them.</summary>
public static class PromptDomains
{
    private static readonly string[] Written = [.. Enum.GetNames<PromptDomain>().Select(name => name.ToLowerInvariant())];

    /// <summary>All names, in the order of the members.</summary>
    public static IReadOnlyList<string> Names => Written;

    /// <summary>The name of a domain.</summary>
    public static string NameOf(PromptDomain domain) => Written[(int)domain];

    /// <summary>The domain of that name; <see cref="PromptDomain.General"/> for none, or one that this version does not know.</summary>
    public static PromptDomain Of(string? name) => (PromptDomain)Math.Max(0, Array.IndexOf(Written, name));
}
