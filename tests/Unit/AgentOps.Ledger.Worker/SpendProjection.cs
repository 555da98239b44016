using System.Text.Json;
using AgentOps.Engine.Ledger;
using AgentOps.Engine.Permissions;

namespace AgentOps.Ledger.Worker;

/// <summary>What was used of a budget, and which calls were made.</summary>
internal sealed class SpendProjection : ILedgerProjection
{
    /// <summary>A call was made: the effect that the budget guards.</summary>
    public const string Called = "test.called";

    /// <summary>The use of the budget.</summary>
    public LimitState Limits { get; private set; } = LimitState.Empty;

    /// <summary>The calls that were made.</summary>
    public HashSet<string> Calls { get; } = new(StringComparer.Ordinal);

    /// <summary>The most that was ever committed and reserved together.</summary>
    public decimal Peak { get; private set; }

    /// <inheritdoc/>
    public void Apply(LedgerRecord record)
    {
        if (record.Type == Called)
        {
            Calls.Add(record.Data.GetProperty("id").GetString()!);
            return;
        }

        Limits = Limits.Apply(record);
        Peak = Math.Max(Peak, Limits.Used(Spender.Budget.Demand(1).Key, record.Time));
    }

    /// <inheritdoc/>
    public bool Knows(string type, int version) => LimitEvents.Knows(type, version) || (type == Called && version == 1);

    /// <inheritdoc/>
    public void Save(Stream stream)
    {
        var json = Limits.ToJson();
        json["calls"] = new System.Text.Json.Nodes.JsonArray([.. Calls.Select(call => System.Text.Json.Nodes.JsonValue.Create(call))]);
        stream.Write(System.Text.Encoding.UTF8.GetBytes(json.ToJsonString()));
    }

    /// <inheritdoc/>
    public void Load(Stream stream)
    {
        using var json = JsonDocument.Parse(stream);
        Limits = LimitState.FromJson(json.RootElement);
        Calls.Clear();
        Calls.UnionWith(json.RootElement.GetProperty("calls").EnumerateArray().Select(call => call.GetString()!));
    }

    /// <inheritdoc/>
    public void Reset()
    {
        Limits = LimitState.Empty;
        Calls.Clear();
    }
}
