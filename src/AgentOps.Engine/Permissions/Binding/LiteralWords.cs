namespace AgentOps.Engine.Permissions;

/// <summary>The words of <see cref="LiteralRules"/> in documents.</summary>
public static class LiteralWords
{
    /// <summary>Each rule with its word.</summary>
    public static IReadOnlyList<(string Word, LiteralRules Value)> All { get; } =
    [
        ("no-wildcards", LiteralRules.NoWildcards), ("no-leading-dash", LiteralRules.NoLeadingDash), ("no-script", LiteralRules.NoScript), ("single-line", LiteralRules.SingleLine),
    ];

    /// <summary>The words of a combination.</summary>
    /// <param name="rules">The combination.</param>
    public static IEnumerable<string> ToWords(LiteralRules rules) => All.Where(pair => rules.HasFlag(pair.Value)).Select(pair => pair.Word);
}
