namespace AgentOps.Engine.Verification;

/// <summary>The seller's rating, as a tool answered it, is high enough.</summary>
/// <param name="Min">The least rating, included.</param>
/// <param name="From">The tool's output that holds it.</param>
public sealed record RatingConstraint(decimal Min, EvidenceSource From) : TransactionConstraint
{
    /// <inheritdoc/>
    public override string Kind => "rating";

    internal override IEnumerable<EvidenceSource> Sources => [From];

    internal override void Check(TransactionCheck check)
    {
        if (check.Evidence(this, From) is not { } evidence)
        {
            return;
        }

        if (evidence.Number() is not { } rating)
        {
            check.Refuse(this, $"{From.Tool} gave no number as '{From.Path}'");
        }
        else if (rating < Min)
        {
            check.Refuse(this, "the seller's rating is too low; choose another seller");
        }
    }
}
