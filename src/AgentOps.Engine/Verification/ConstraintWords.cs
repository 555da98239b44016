using AgentOps.Engine.Permissions;

namespace AgentOps.Engine.Verification;

/// <summary>The fixed words of the language of constraints.</summary>
internal static class ConstraintWords
{
    /// <summary>The kinds, as they are declared.</summary>
    public static readonly string[] Kinds =
    [
        "amount", "budget", "currency", "delivery", "duplicate", "payee", "quantity", "quoted", "rating", "recurrence", "returns", "total",
    ];

    /// <summary>Whose calls are taken together.</summary>
    public static readonly (string Word, ConstraintScope Value)[] Scopes =
    [
        ("tool", ConstraintScope.Tool), ("agent", ConstraintScope.Agent), ("onBehalfOf", ConstraintScope.OnBehalfOf),
    ];

    /// <summary>What begins the key of a path in a tool's output, in <c>same</c>.</summary>
    public const string OutputPrefix = "output.";

    /// <summary>What begins the name of an argument of the call itself.</summary>
    public const string ArgumentPrefix = PolicyWords.ArgumentPrefix;
}
