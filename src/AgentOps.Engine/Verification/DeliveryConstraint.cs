using AgentOps.Engine.Permissions;

namespace AgentOps.Engine.Verification;

/// <summary>It is delivered in time: neither too late nor in the past.</summary>
/// <param name="Date">The date of delivery.</param>
/// <param name="Within">The longest time from now.</param>
public sealed record DeliveryConstraint(Operand Date, TimeSpan Within) : TransactionConstraint
{
    /// <inheritdoc/>
    public override string Kind => "delivery";

    internal override IEnumerable<ArgumentUse> Arguments => Date.Argument is { } name ? [new(name, ParameterKind.Date)] : [];

    internal override IEnumerable<EvidenceSource> Sources => Date.From is { } source ? [source] : [];

    internal override void Check(TransactionCheck check)
    {
        DateTimeOffset? date;
        if (Date.Argument is { } name)
        {
            if (check.Argument(this, name) is not { } value)
            {
                return;
            }

            date = value.AsDate();
        }
        else if (check.Evidence(this, Date.From!) is { } evidence)
        {
            date = evidence.Time();
        }
        else
        {
            return;
        }

        if (date is null)
        {
            check.Refuse(this, $"{Date.Argument ?? $"what {Date.From!.Tool} gave as '{Date.From.Path}'"} is no time with its zone");
        }
        else if (date < check.Now)
        {
            check.Refuse(this, "the date of delivery is past");
        }
        else if (date > check.Now + Within)
        {
            check.Refuse(this, "it would be delivered too late");
        }
    }
}
