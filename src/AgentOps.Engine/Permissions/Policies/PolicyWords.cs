namespace AgentOps.Engine.Permissions;

/// <summary>The words of the language and what they stand for.</summary>
internal static class PolicyWords
{
    public static readonly IReadOnlyList<(string Word, PolicyEffect Value)> Effects =
        [("permit", PolicyEffect.Permit), ("forbid", PolicyEffect.Forbid), ("require", PolicyEffect.Require)];

    public static readonly IReadOnlyList<(string Word, FactOperator Value)> FactOperators =
    [
        ("is", FactOperator.Is), ("isNot", FactOperator.IsNot), ("anyOf", FactOperator.AnyOf), ("noneOf", FactOperator.NoneOf),
        ("allOf", FactOperator.AllOf), ("gte", FactOperator.AtLeast), ("lte", FactOperator.AtMost),
    ];

    public static readonly IReadOnlyList<(string Word, LimitKey Value)> LimitKeys =
        [("agent", LimitKey.Agent), ("onBehalfOf", LimitKey.OnBehalfOf), ("policy", LimitKey.Policy)];

    public static readonly IReadOnlyList<(string Word, string Value)> Outcomes = [("ok", "ok"), ("error", "error"), ("refused", "refused")];

    public static readonly IReadOnlyList<(string Word, string Value)> ConstraintTypes =
    [
        ("string", "string"), ("integer", "integer"), ("decimal", "decimal"), ("boolean", "boolean"), ("date", "date"), ("path", "path"), ("array", "array"),
    ];

    public const string ArgumentPrefix = "args.";

    public static string WordOf<T>(IReadOnlyList<(string Word, T Value)> words, T value)
        where T : struct, Enum
    {
        foreach (var (word, candidate) in words)
        {
            if (EqualityComparer<T>.Default.Equals(candidate, value))
            {
                return word;
            }
        }

        throw new ArgumentOutOfRangeException(nameof(value));
    }
}
