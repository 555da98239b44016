namespace AgentOps.Engine.Verification;

/// <summary>
/// One hard bound of a tool's calls, declared with the tool and never seen by the model. It is checked on the frozen arguments
/// and on what tools really answered in the session; what can't be checked refuses the call.
/// </summary>
public abstract record TransactionConstraint
{
    /// <summary>The word under which it is declared, for example <c>quoted</c>.</summary>
    public abstract string Kind { get; }

    /// <summary>The arguments of the call that it reads, each with the types that it can read.</summary>
    internal virtual IEnumerable<ArgumentUse> Arguments => [];

    /// <summary>Where it takes what it compares with.</summary>
    internal virtual IEnumerable<EvidenceSource> Sources => [];

    /// <summary>Whether it speaks of money, and so needs the tool to name its currency.</summary>
    internal virtual bool IsMoney => false;

    /// <summary>Checks a call; what is wrong is told to the check.</summary>
    internal abstract void Check(TransactionCheck check);
}
