using System.Text.Json;
using AgentOps.Engine.Ledger;

namespace AgentOps.Cli.Quickstart;

/// <summary>What a table shows of an audit record.</summary>
internal sealed record AuditRow(string Tool, string Rules, string Why)
{
    public static AuditRow Of(LedgerRecord record) => new(
        Text(record.Data, "tool"),
        record.Data.TryGetProperty("rules", out var rules) ? string.Join(", ", rules.EnumerateArray().Select(rule => rule.GetString())) : string.Empty,
        Text(record.Data, "reason") is { Length: > 0 } reason ? reason : Text(record.Data, "outcome"));

    private static string Text(JsonElement data, string name) =>
        data.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : string.Empty;
}
