namespace AgentOps.Engine.Permissions;

/// <summary>Why an argument was not bound.</summary>
/// <param name="Parameter">The parameter, as the model wrote it, cut to 64 characters.</param>
/// <param name="Reason">One sentence, safe to give back to the model.</param>
public sealed record BindingRefusal(string Parameter, string Reason)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Parameter}: {Reason}";
}
