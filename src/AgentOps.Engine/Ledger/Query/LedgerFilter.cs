using System.Text.RegularExpressions;

namespace AgentOps.Engine.Ledger;

/// <summary>The conditions of a query, made ready to be asked of many records.</summary>
internal sealed class LedgerFilter(LedgerQuery query)
{
    private readonly Regex? _type = MakePattern(query.Type);
    private readonly Regex? _agent = MakePattern(query.Agent);

    /// <summary>Tells whether there is any condition that a line's bytes don't settle.</summary>
    public bool IsExact => query != new LedgerQuery { Newest = query.Newest, Follow = query.Follow };

    /// <summary>Tells whether every condition of the query but its counts holds.</summary>
    public bool Matches(LedgerRecord record) =>
        record.Sequence >= query.FromSequence
        && (query.Session is null || record.Session == query.Session)
        && (query.Task is null || record.Task == query.Task)
        && (query.After is null || record.Time >= query.After)
        && (query.Before is null || record.Time < query.Before)
        && (_type is null || _type.IsMatch(record.Type))
        && (_agent is null || (record.Actor.Agent is { } name && _agent.IsMatch(name)));

    private static Regex? MakePattern(string? wildcard) => wildcard is null
        ? null
        : new Regex(
            @"\A" + Regex.Escape(wildcard).Replace(@"\*", ".*", StringComparison.Ordinal).Replace(@"\?", ".", StringComparison.Ordinal) + @"\z",
            RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking | RegexOptions.Singleline);
}
