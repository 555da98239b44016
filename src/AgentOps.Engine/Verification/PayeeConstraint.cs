using AgentOps.Engine.Permissions;

namespace AgentOps.Engine.Verification;

/// <summary>Who is paid is on a list, or is whom a tool named; compared letter by letter, so that a name that only looks alike is another.</summary>
/// <param name="Argument">The argument that names the payee or seller.</param>
/// <param name="In">The list; null where only <paramref name="From"/> counts.</param>
/// <param name="From">The tool's output that names the payee; null where only the list counts.</param>
public sealed record PayeeConstraint(string Argument, IReadOnlyList<string>? In, EvidenceSource? From) : TransactionConstraint
{
    /// <inheritdoc/>
    public override string Kind => "payee";

    internal override IEnumerable<ArgumentUse> Arguments => [new(Argument, ParameterKind.String)];

    internal override IEnumerable<EvidenceSource> Sources => From is null ? [] : [From];

    internal override void Check(TransactionCheck check)
    {
        if (check.Text(this, Argument) is not { } payee)
        {
            return;
        }

        if (In is { } list && !list.Contains(payee, StringComparer.Ordinal))
        {
            check.Refuse(this, $"{Argument} is not on the list of those who may be paid");
        }

        if (From is { } source && check.Evidence(this, source) is { } evidence
            && evidence.Text() is var named && !string.Equals(named, payee, StringComparison.Ordinal))
        {
            check.Refuse(this, $"{Argument} is not whom {source.Tool} names for it");
        }
    }
}
