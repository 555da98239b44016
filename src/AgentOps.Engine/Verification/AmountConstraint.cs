using AgentOps.Engine.Permissions;

namespace AgentOps.Engine.Verification;

/// <summary>An amount of money lies within a range; without a lower bound it is above zero.</summary>
public sealed record AmountConstraint : TransactionConstraint
{
    /// <inheritdoc/>
    public override string Kind => "amount";

    /// <summary>The argument that holds the amount.</summary>
    public required string Argument { get; init; }

    /// <summary>The least, included; null: anything above zero.</summary>
    public decimal? Min { get; init; }

    /// <summary>The most, included; null for no bound.</summary>
    public decimal? Max { get; init; }

    /// <summary>Where a tool answers the least, included, for example the user's mandate; null for no such bound.</summary>
    public EvidenceSource? AtLeast { get; init; }

    /// <summary>Where a tool answers the most, included; null for no such bound.</summary>
    public EvidenceSource? AtMost { get; init; }

    internal override bool IsMoney => true;

    internal override IEnumerable<ArgumentUse> Arguments => [new(Argument, ParameterKind.Decimal, ParameterKind.Integer)];

    internal override IEnumerable<EvidenceSource> Sources => new[] { AtLeast, AtMost }.OfType<EvidenceSource>();

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

        if (AtLeast is { } lower && check.Money(this, lower) is { } floor && amount < floor)
        {
            check.Refuse(this, $"{Argument} is less than {lower.Tool} allows");
        }

        if (AtMost is { } upper && check.Money(this, upper) is { } ceiling && amount > ceiling)
        {
            check.Refuse(this, $"{Argument} is more than {upper.Tool} allows");
        }
    }
}
