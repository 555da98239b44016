namespace AgentOps.Engine.Providers;

/// <summary>Whether the model may, must or must not call tools.</summary>
public enum ToolChoice
{
    /// <summary>As the model decides.</summary>
    Auto,

    /// <summary>At least one call.</summary>
    Required,

    /// <summary>No call.</summary>
    None,
}
