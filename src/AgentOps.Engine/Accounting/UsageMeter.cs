using System.Globalization;
using AgentOps.Engine.Providers;
using AgentOps.Engine.Ledger;
using AgentOps.Engine.Sessions;
using AgentOps.Engine.Workspaces;

namespace AgentOps.Engine.Accounting;

/// <summary>Sums what models used, from the ledger itself.</summary>
public sealed class UsageMeter
{
    private readonly ILedgerStore _store;

    internal UsageMeter(ILedgerStore store) => _store = store;

    /// <summary>Sums by agent, task, route, model or day; the dearest first.</summary>
    /// <param name="grouping">What to sum by.</param>
    /// <param name="after">Only what came after this time; null for all.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    public async ValueTask<IReadOnlyList<UsageSummary>> MeasureAsync(UsageGrouping grouping, DateTimeOffset? after, CancellationToken cancellationToken)
    {
        var totals = new Dictionary<string, Total>(StringComparer.OrdinalIgnoreCase);
        var completed = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        await foreach (var record in _store.ReadAsync(new LedgerQuery { Type = "model.*", After = after }, cancellationToken))
        {
            if (record.Type is EventTypes.ModelCompleted or EventTypes.ModelFailed)
            {
                var key = Key(grouping, record);
                if (!totals.TryGetValue(key, out var total))
                {
                    totals.Add(key, total = new Total());
                }

                total.Add(record);
            }
        }

        await foreach (var record in _store.ReadAsync(new LedgerQuery { Type = EventTypes.SessionEnded, After = after }, cancellationToken))
        {
            if (record.Session is { } session && record.Data.Text("status") == nameof(SessionStatus.Completed))
            {
                completed.Add(session);
            }
        }

        return totals
            .Select(pair => pair.Value.ToSummary(pair.Key, completed))
            .OrderByDescending(summary => summary.Cost)
            .ThenBy(summary => summary.Key, StringComparer.Ordinal)
            .ToArray();
    }

    private static string Key(UsageGrouping grouping, LedgerRecord record) => grouping switch
    {
        UsageGrouping.Agent => record.Actor.Agent,
        UsageGrouping.Task => record.Task,
        UsageGrouping.Route => record.Data.Text("route"),
        UsageGrouping.Model => $"{record.Data.Text("provider")}/{record.Data.Text("model")}",
        _ => record.Time.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
    } ?? "(none)";

    private sealed class Total
    {
        private readonly HashSet<string> _sessions = new(StringComparer.OrdinalIgnoreCase);
        private int _calls;
        private int _failed;
        private long _input;
        private long _output;
        private decimal _cost;
        private decimal _estimated;

        public void Add(LedgerRecord record)
        {
            var cost = record.Data.Amount("cost") ?? 0;
            var calls = (int)(record.Data.Integer("calls") ?? 1);
            _calls += calls;
            _failed += record.Type == EventTypes.ModelFailed ? calls : 0;
            _input += record.Data.Integer("inputTokens") ?? 0;
            _output += record.Data.Integer("outputTokens") ?? 0;
            _cost += cost;
            _estimated += record.Data.Flag("estimated") ? cost : 0;
            if (record.Session is { } session)
            {
                _sessions.Add(session);
            }
        }

        public UsageSummary ToSummary(string key, HashSet<string> completed) =>
            new(key, _calls, _failed, _sessions.Count, _sessions.Count(completed.Contains), _input, _output, _cost, _estimated);
    }
}
