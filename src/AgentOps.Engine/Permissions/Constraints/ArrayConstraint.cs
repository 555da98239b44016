namespace AgentOps.Engine.Permissions;

/// <summary>
/// A list. In a permit every item must meet the constraint; in a forbid or require one item that meets it is enough.
/// </summary>
public sealed record ArrayConstraint : ArgumentConstraint
{
    /// <summary>What is demanded of the items; no list again.</summary>
    public required ArgumentConstraint Items { get; init; }

    /// <summary>Most items; null for any number. In a permit only.</summary>
    public int? MaxItems { get; init; }

    /// <inheritdoc/>
    public override string Type => "array";
}
