namespace AgentOps.Engine.Verification;

/// <summary>What is bought can be given back: for so many days, or under one of these policies.</summary>
/// <param name="From">The tool's output that holds the days, or the policy's name.</param>
/// <param name="MinDays">The least number of days; null where the policy is named.</param>
/// <param name="In">The names of acceptable policies, spelt exactly; null where days are counted.</param>
public sealed record ReturnsConstraint(EvidenceSource From, long? MinDays, IReadOnlyList<string>? In) : TransactionConstraint
{
    /// <inheritdoc/>
    public override string Kind => "returns";

    internal override IEnumerable<EvidenceSource> Sources => [From];

    internal override void Check(TransactionCheck check)
    {
        if (check.Evidence(this, From) is not { } evidence)
        {
            return;
        }

        var isGood = MinDays is { } days
            ? evidence.Number() >= days
            : evidence.Text() is { } policy && In!.Contains(policy, StringComparer.Ordinal);
        if (!isGood)
        {
            check.Refuse(this, "the seller's return policy is not good enough; choose another seller");
        }
    }
}
