using System.Text.Json.Nodes;

namespace AgentOps.Engine.Benchmarks.Agents.Marketplace;

/// <summary>Everybody's money. It is only ever moved.</summary>
internal sealed class Purse
{
    private readonly SortedDictionary<string, decimal> _accounts = new(StringComparer.Ordinal);

    public Purse(JsonObject accounts)
    {
        foreach (var (name, _) in accounts)
        {
            _accounts[name] = accounts.Money(name);
        }
    }

    public decimal Total => _accounts.Values.Sum();

    public decimal Of(string name) => _accounts.GetValueOrDefault(name);

    public void Move(string from, string to, decimal amount)
    {
        _accounts[from] = Of(from) - amount;
        _accounts[to] = Of(to) + amount;
    }

    public JsonObject ToJson() => new(_accounts.Select(account => KeyValuePair.Create(account.Key, (JsonNode?)CallArguments.Spell(account.Value))));
}
