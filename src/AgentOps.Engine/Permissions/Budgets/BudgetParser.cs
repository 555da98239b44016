using AgentOps.Engine.Configuration;

namespace AgentOps.Engine.Permissions;

/// <summary>Reads documents of kind <c>Budget</c> into <see cref="Budget"/>.</summary>
public sealed class BudgetParser : IYamlKindParser
{
    internal static readonly (string Word, BudgetScope Value)[] Scopes =
    [
        ("workspace", BudgetScope.Workspace), ("agent", BudgetScope.Agent), ("session", BudgetScope.Session), ("task", BudgetScope.Task),
    ];

    /// <inheritdoc/>
    public string Kind => "Budget";

    internal static string WordOf(BudgetScope scope) => Scopes[(int)scope].Word;

    internal static BudgetScope ScopeOf(string word) => Array.Find(Scopes, scope => scope.Word == word).Value;

    /// <inheritdoc/>
    public object Parse(string name, YamlMap document)
    {
        var budget = new Budget
        {
            Name = name,
            Scope = document.RequireOneOf("scope", Scopes),
            Of = document.GetString("of"),
            Max = document.Require("max")?.AsDecimal() ?? 0,
            Window = document.GetDuration("window"),
        };
        if (budget.Problem() is { } problem)
        {
            document.Error(problem);
        }

        return budget;
    }
}
