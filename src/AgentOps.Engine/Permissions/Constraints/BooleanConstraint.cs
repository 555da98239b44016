namespace AgentOps.Engine.Permissions;

/// <summary>True or false.</summary>
public sealed record BooleanConstraint : ArgumentConstraint
{
    /// <summary>The only value; null for both.</summary>
    public bool? Is { get; init; }

    /// <inheritdoc/>
    public override string Type => "boolean";
}
