namespace AgentOps.Engine.Ledger;

/// <summary>One caller's decision while it waits for its batch.</summary>
internal abstract class Decision
{
    /// <summary>The transaction of the decision once it has run.</summary>
    public LedgerTransaction? Transaction { get; protected set; }

    /// <summary>Tells whether the caller went away before the decision ran, or it has failed.</summary>
    public abstract bool IsOver { get; }

    /// <summary>Runs the decision; a throw of it is given to the caller alone.</summary>
    public abstract bool Run(LedgerTransaction transaction);

    /// <summary>Lets the caller go on: what it decided is durable.</summary>
    public abstract void Complete();

    /// <summary>Lets the caller go on with an error: nothing it decided was kept.</summary>
    public abstract void Fail(Exception exception);
}
