namespace AgentOps.Engine.Permissions;

/// <summary>A text: one of a list, or of a form, or of a length. All that is given must hold.</summary>
public sealed record StringConstraint : ArgumentConstraint
{
    /// <summary>The texts, compared ordinal; null for any.</summary>
    public IReadOnlyList<string>? In { get; init; }

    /// <summary>A pattern for the whole text, non-backtracking; null for any.</summary>
    public string? Pattern { get; init; }

    /// <summary>Most UTF-16 code units; null for any.</summary>
    public int? MaxLength { get; init; }

    /// <inheritdoc/>
    public override string Type => "string";
}
