using AgentOps.Engine.Permissions;

namespace AgentOps.Engine.Verification;

/// <summary>The currency of every amount of the tool; amounts of another are refused, never converted.</summary>
/// <param name="Is">The currency, spelt exactly, for example <c>USD</c>.</param>
/// <param name="Argument">The argument that holds it; null where the tool knows only one currency.</param>
public sealed record CurrencyConstraint(string Is, string? Argument) : TransactionConstraint
{
    /// <inheritdoc/>
    public override string Kind => "currency";

    internal override IEnumerable<ArgumentUse> Arguments => Argument is null ? [] : [new(Argument, ParameterKind.String)];

    internal override void Check(TransactionCheck check)
    {
        if (Argument is not null && check.Text(this, Argument) is { } given && !string.Equals(given, Is, StringComparison.Ordinal))
        {
            check.Refuse(this, $"{Argument} is not {Is}");
        }
    }
}
