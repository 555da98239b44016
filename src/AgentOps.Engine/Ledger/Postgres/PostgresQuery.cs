using System.Globalization;
using System.Text;
using Npgsql;
using static AgentOps.Engine.Ledger.PostgresConnector;

namespace AgentOps.Engine.Ledger;

/// <summary>A query as SQL: every condition and count is the server's work.</summary>
internal sealed class PostgresQuery(string workspace, LedgerQuery query)
{
    private readonly StringBuilder _text = new("SELECT line FROM agentops_record WHERE workspace = $1");
    private readonly List<NpgsqlParameter> _parameters = [Of(workspace)];

    /// <summary>Makes the command for the records from a sequence on, before a sequence.</summary>
    public NpgsqlCommand Make(NpgsqlConnection connection, long from, long to)
    {
        Add("seq >= ", Math.Max(from, query.FromSequence));
        Add("seq < ", to);
        if (query.Session is { } session)
        {
            Add("session = ", RecordColumns.Clean(session)!);
        }

        if (query.Task is { } task)
        {
            Add("task = ", RecordColumns.Clean(task)!);
        }

        if (query.After is { } after)
        {
            Add("time >= ", RecordColumns.FormatTime(after));
        }

        if (query.Before is { } before)
        {
            Add("time < ", RecordColumns.FormatTime(before));
        }

        AddPattern("type", query.Type);
        AddPattern("agent", query.Agent);
        _text.Append(query.Newest is null ? " ORDER BY seq" : " ORDER BY seq DESC");
        if ((query.Newest ?? query.First) is { } limit)
        {
            _text.Append(CultureInfo.InvariantCulture, $" LIMIT {limit}");
        }

        if (query.Skip > 0 && query.Newest is null)
        {
            _text.Append(CultureInfo.InvariantCulture, $" OFFSET {query.Skip}");
        }

        return MakeCommand(connection, _text.ToString(), System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_parameters));
    }

    private void AddPattern(string column, string? pattern)
    {
        if (pattern is not null)
        {
            // The backslash escapes; what the store's own wildcards don't mean is taken as it stands.
            var like = RecordColumns.Clean(pattern)!.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("%", "\\%", StringComparison.Ordinal)
                .Replace("_", "\\_", StringComparison.Ordinal).Replace('*', '%').Replace('?', '_');
            Add($"lower({column}) LIKE ", like.ToLowerInvariant());
        }
    }

    private void Add<T>(string condition, T value)
    {
        _parameters.Add(Of(value));
        _text.Append(CultureInfo.InvariantCulture, $" AND {condition}${_parameters.Count}");
    }
}
