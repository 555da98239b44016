using AgentOps.Engine.Permissions;

namespace AgentOps.Engine.Verification;

/// <summary>How often it will be charged is among these words; a call that doesn't say is refused.</summary>
/// <param name="Argument">The argument that says it: a text, or true for anything that recurs.</param>
/// <param name="In">The words taken, spelt exactly; for a truth value <c>false</c> or <c>true</c>.</param>
public sealed record RecurrenceConstraint(string Argument, IReadOnlyList<string> In) : TransactionConstraint
{
    /// <inheritdoc/>
    public override string Kind => "recurrence";

    internal override IEnumerable<ArgumentUse> Arguments => [new(Argument, ParameterKind.String, ParameterKind.Boolean)];

    internal override void Check(TransactionCheck check)
    {
        if (check.Argument(this, Argument) is not { } value)
        {
            return;
        }

        var word = value.AsString() ?? (value.AsBoolean() is { } flag ? (flag ? "true" : "false") : null);
        if (word is null || !In.Contains(word, StringComparer.Ordinal))
        {
            check.Refuse(this, $"{Argument} would charge again and again, or in a way that is not allowed");
        }
    }
}
