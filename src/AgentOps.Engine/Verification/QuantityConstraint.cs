using AgentOps.Engine.Permissions;

namespace AgentOps.Engine.Verification;

/// <summary>The number of pieces lies within a range.</summary>
/// <param name="Argument">The argument that holds it.</param>
/// <param name="Min">The least, included; at least 1.</param>
/// <param name="Max">The most, included.</param>
public sealed record QuantityConstraint(string Argument, long Min, long Max) : TransactionConstraint
{
    /// <inheritdoc/>
    public override string Kind => "quantity";

    internal override IEnumerable<ArgumentUse> Arguments => [new(Argument, ParameterKind.Integer)];

    internal override void Check(TransactionCheck check)
    {
        if (check.Number(this, Argument) is { } quantity && (quantity < Min || quantity > Max))
        {
            check.Refuse(this, $"{Argument} is {(quantity < Min ? "too small" : "too large")}");
        }
    }
}
