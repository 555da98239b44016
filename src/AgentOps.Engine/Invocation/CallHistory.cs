using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using AgentOps.Engine.Permissions;
using AgentOps.Engine.Providers;
using AgentOps.Engine.Serialization;
using AgentOps.Engine.Tools;

namespace AgentOps.Engine.Invocation;

/// <summary>
/// The newest calls of each agent and tool, for conditions over history. It holds a bounded number of each; a question that
/// reaches further back than what is held can't be answered, which denies.
/// </summary>
public sealed class CallHistory
{
    private const int Held = 512;

    private readonly ImmutableDictionary<string, ImmutableList<PastCall>> _calls;

    private CallHistory(ImmutableDictionary<string, ImmutableList<PastCall>> calls) => _calls = calls;

    /// <summary>No calls.</summary>
    public static CallHistory Empty { get; } = new(ImmutableDictionary.Create<string, ImmutableList<PastCall>>(StringComparer.OrdinalIgnoreCase));

    /// <summary>The history with one more call.</summary>
    public CallHistory Add(string agent, string tool, PastCall call)
    {
        var key = Key(agent, tool);
        var calls = _calls.GetValueOrDefault(key, []).Add(call);
        return new CallHistory(_calls.SetItem(key, calls.Count > Held ? calls.RemoveAt(0) : calls));
    }

    /// <summary>
    /// The history after a tool was registered anew or taken away: its calls as its parameters read them now, without those that
    /// no longer fit. So a state that was saved and loaded equals the one that was replayed.
    /// </summary>
    public CallHistory Retool(string tool, ImmutableDictionary<string, ToolState> tools)
    {
        var suffix = "\n" + tool;
        var history = this;
        foreach (var (key, calls) in _calls.Where(pair => pair.Key.EndsWith(suffix, StringComparison.OrdinalIgnoreCase)))
        {
            using var json = JsonDocument.Parse(new JsonArray([.. calls.Select(call => (JsonNode?)call.Arguments?.ToJson())]).ToJsonString());
            var kept = calls
                .Zip(json.RootElement.EnumerateArray(), (call, arguments) => (Call: call, Arguments: Bind(tools, tool, arguments)))
                .Where(pair => pair.Call.Arguments is null ? tools.ContainsKey(tool) : pair.Arguments is not null)
                .Select(pair => pair.Call with { Arguments = pair.Arguments })
                .ToImmutableList();
            history = new CallHistory(kept.IsEmpty ? history._calls.Remove(key) : history._calls.SetItem(key, kept));
        }

        return history;
    }

    /// <summary>Counts the calls that a question speaks of.</summary>
    /// <exception cref="InvalidOperationException">The question reaches further back than what is held.</exception>
    public int Count(in HistoryQuery query)
    {
        var count = 0;
        var calls = _calls.GetValueOrDefault(Key(query.Request.Agent, query.Tool), []);
        for (var i = calls.Count - 1; i >= 0 && calls[i].Time >= query.Since; i--)
        {
            if (query.IsMatch(calls[i].Time, calls[i].Outcome, calls[i].Session, calls[i].Arguments) && ++count >= query.Enough)
            {
                return count;
            }
        }

        return calls.Count < Held || calls[0].Time < query.Since
            ? count
            : throw new InvalidOperationException($"More than {Held} calls of '{query.Tool}' lie in the window.");
    }

    /// <summary>For snapshots.</summary>
    internal JsonObject ToJson()
    {
        var all = new JsonObject();
        foreach (var (key, calls) in _calls.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            var items = new JsonArray();
            foreach (var call in calls)
            {
                items.Add((JsonNode)new JsonObject()
                    .With("time", call.Time.UtcTicks)
                    .With("outcome", call.Outcome)
                    .With("session", call.Session)
                    .With("arguments", call.Arguments?.ToJson()));
            }

            all[key] = items;
        }

        return all;
    }

    /// <summary>From a snapshot; a tool that is gone has no calls to ask for.</summary>
    internal static CallHistory FromJson(JsonElement json, ImmutableDictionary<string, ToolState> tools)
    {
        var history = Empty;
        foreach (var member in json.EnumerateObject())
        {
            var parts = member.Name.Split('\n');
            foreach (var item in member.Value.EnumerateArray())
            {
                var recorded = item.Member("arguments");
                var arguments = recorded is { } some ? Bind(tools, parts[1], some) : null;
                if (recorded is null ? tools.ContainsKey(parts[1]) : arguments is not null)
                {
                    var time = new DateTimeOffset(item.GetProperty("time").GetInt64(), TimeSpan.Zero);
                    history = history.Add(parts[0], parts[1], new PastCall(time, item.RequiredText("outcome"), item.RequiredText("session"), arguments));
                }
            }
        }

        return history;
    }

    /// <summary>Recorded arguments as values again, by the tool's own parameters; null when they no longer fit.</summary>
    internal static BoundArguments? Bind(ImmutableDictionary<string, ToolState> tools, string tool, JsonElement arguments) =>
        tools.TryGetValue(tool, out var known) && arguments.ValueKind == JsonValueKind.Object
            ? ArgumentBinder.Bind(known.Definition.Parameters, arguments).Arguments
            : null;

    private static string Key(string agent, string tool) => $"{agent}\n{tool}";
}
