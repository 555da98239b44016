using AgentOps.Engine.Permissions;

namespace AgentOps.Engine.Verification;

/// <summary>
/// The sum of all amounts, with what is in flight, stays within a budget; so a purchase that is split into several is still one
/// sum. It is reserved in the append of the intent, as the limits of a policy are.
/// </summary>
/// <param name="Argument">The argument that holds the amount.</param>
/// <param name="Max">The budget, included.</param>
/// <param name="Within">The sliding window; null for ever.</param>
/// <param name="Per">Whose calls are added up.</param>
public sealed record BudgetConstraint(string Argument, decimal Max, TimeSpan? Within, ConstraintScope Per) : TransactionConstraint
{
    /// <inheritdoc/>
    public override string Kind => "budget";

    internal override bool IsMoney => true;

    internal override IEnumerable<ArgumentUse> Arguments => [new(Argument, ParameterKind.Decimal, ParameterKind.Integer)];

    internal override void Check(TransactionCheck check)
    {
        if (check.Number(this, Argument) is not { } amount)
        {
            return;
        }

        if (amount < 0)
        {
            check.Refuse(this, $"{Argument} is below zero");
            return;
        }

        check.Demand(this, Per, Argument.ToLowerInvariant(), amount, Max, Within, $"{Argument} would pass the budget, with what was spent before");
    }
}
