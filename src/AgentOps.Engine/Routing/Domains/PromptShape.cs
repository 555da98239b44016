namespace AgentOps.Engine.Routing;

/// <summary>What can be seen of a prompt beside its words; the lexicon names them in angle brackets.</summary>
internal enum PromptShape
{
    /// <summary>Three backticks: <c>&lt;code-fence&gt;</c>.</summary>
    CodeFence,

    /// <summary>A line that ends with a brace or a semicolon: <c>&lt;code-line&gt;</c>.</summary>
    CodeLine,

    /// <summary>A word in camelCase or snake_case: <c>&lt;identifier&gt;</c>.</summary>
    Identifier,

    /// <summary>An operator between terms, the right one a number: <c>&lt;arithmetic&gt;</c>.</summary>
    Arithmetic,

    /// <summary>A mathematical sign or a command of TeX: <c>&lt;formula&gt;</c>.</summary>
    Formula,
}
