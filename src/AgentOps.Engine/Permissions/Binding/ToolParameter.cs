namespace AgentOps.Engine.Permissions;

/// <summary>One parameter of a tool, under its canonical name.</summary>
/// <param name="Name">The name; found without regard to case.</param>
/// <param name="Type">The type.</param>
/// <param name="IsMandatory">Whether a call without it is refused.</param>
/// <param name="AllowedValues">The only texts taken, spelt exactly; null for any.</param>
/// <param name="Pattern">A pattern that the whole text must match; null for any.</param>
/// <param name="Min">Smallest number taken; null for none.</param>
/// <param name="Max">Largest number taken; null for none.</param>
/// <param name="Description">What it is for, shown to the model.</param>
public sealed record ToolParameter(
    string Name,
    ParameterType Type,
    bool IsMandatory = false,
    IReadOnlyList<string>? AllowedValues = null,
    string? Pattern = null,
    decimal? Min = null,
    decimal? Max = null,
    string? Description = null)
{
    /// <summary>What a text must not hold.</summary>
    public LiteralRules Literals { get; init; }
}
