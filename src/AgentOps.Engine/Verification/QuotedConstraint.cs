using AgentOps.Engine.Permissions;

namespace AgentOps.Engine.Verification;

/// <summary>What is charged is exactly what was quoted for the same item.</summary>
/// <param name="Argument">The argument that holds the charged amount.</param>
/// <param name="From">The tool's output that holds the quoted amount.</param>
public sealed record QuotedConstraint(string Argument, EvidenceSource From) : TransactionConstraint
{
    /// <inheritdoc/>
    public override string Kind => "quoted";

    internal override bool IsMoney => true;

    internal override IEnumerable<ArgumentUse> Arguments => [new(Argument, ParameterKind.Decimal, ParameterKind.Integer)];

    internal override IEnumerable<EvidenceSource> Sources => [From];

    internal override void Check(TransactionCheck check)
    {
        if (check.Number(this, Argument) is { } charged
            && check.Money(this, From) is { } quoted
            && charged != quoted)
        {
            check.Refuse(this, $"{Argument} is not what {From.Tool} quoted for it");
        }
    }
}
