using AgentOps.Engine.Permissions;

namespace AgentOps.Engine.Verification;

/// <summary>An amount of money lies within a range; without a lower bound it is above zero.</summary>
/// <param name="Argument">The argument that holds the amount.</param>
/// <param name="Min">The least, included; null: anything above zero.</param>
/// <param name="Max">The most, included; null for no bound.</param>
public sealed record AmountConstraint(string Argument, decimal? Min, decimal? Max) : TransactionConstraint
{
    /// <inheritdoc/>
    public override string Kind => "amount";

    internal override bool IsMoney => true;

    internal override IEnumerable<ArgumentUse> Arguments => [new(Argument, ParameterKind.Decimal, ParameterKind.Integer)];

    internal override void Check(TransactionCheck check)
    {
        if (check.Number(this, Argument) is not { } amount)
        {
            return;
        }

        if (Min is { } least ? amount < least : amount <= 0)
        {
            check.Refuse(this, $"{Argument} is too small");
        }
        else if (amount > Max)
        {
            check.Refuse(this, $"{Argument} is too large for one call");
        }
    }
}
