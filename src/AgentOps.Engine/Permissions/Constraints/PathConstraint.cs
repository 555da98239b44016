namespace AgentOps.Engine.Permissions;

/// <summary>A path of the file system that lies, after links are resolved, at or below one of the roots.</summary>
public sealed record PathConstraint : ArgumentConstraint
{
    /// <summary>Absolute roots.</summary>
    public required IReadOnlyList<string> Roots { get; init; }

    /// <inheritdoc/>
    public override string Type => "path";
}
