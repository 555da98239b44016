namespace AgentOps.Engine.Verification;

/// <summary>A constraint in the ledger that this version can't read: every call is refused.</summary>
/// <param name="Word">What it is called.</param>
public sealed record UnknownConstraint(string Word) : TransactionConstraint
{
    /// <inheritdoc/>
    public override string Kind => Word;

    internal override void Check(TransactionCheck check) => check.Refuse(this, "this version of AgentOps can't check it");
}
