namespace AgentOps.Engine.Permissions;

/// <summary>The frozen arguments, or every reason why there are none.</summary>
public sealed class BindingResult
{
    internal BindingResult(BoundArguments? arguments, IReadOnlyList<BindingRefusal> refusals)
    {
        Arguments = arguments;
        Refusals = refusals;
    }

    /// <summary>Whether the call was bound.</summary>
    [System.Diagnostics.CodeAnalysis.MemberNotNullWhen(true, nameof(Arguments))]
    public bool IsBound => Arguments is not null;

    /// <summary>The arguments; null when refused.</summary>
    public BoundArguments? Arguments { get; }

    /// <summary>Why not; empty when bound.</summary>
    public IReadOnlyList<BindingRefusal> Refusals { get; }

    /// <summary>All refusals in one line, safe to give back to the model.</summary>
    public string Reason => string.Join("; ", Refusals);
}
