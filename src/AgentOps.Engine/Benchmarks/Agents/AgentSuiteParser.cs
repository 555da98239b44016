using System.Text.Json.Nodes;
using AgentOps.Engine.Configuration;

namespace AgentOps.Engine.Benchmarks.Agents;

/// <summary>Reads documents of kind <c>AgentSuite</c>.</summary>
internal sealed class AgentSuiteParser : IYamlKindParser
{
    /// <inheritdoc/>
    public string Kind => "AgentSuite";

    /// <inheritdoc/>
    public object Parse(string name, YamlMap document)
    {
        var world = document.RequireOneOf("world", TaskWorlds.Names.Select(word => (word, word)).ToArray());
        var generate = document.GetMap("generate");
        var shares = new Dictionary<string, decimal>(StringComparer.Ordinal);
        foreach (var share in generate is null || world is null ? [] : TaskWorlds.Shares(world))
        {
            if (generate!.GetInteger(share, 0, 100) is { } percent)
            {
                shares[share] = percent;
            }
        }

        var suite = new AgentSuite
        {
            Name = name,
            Description = document.GetString("description") ?? string.Empty,
            World = world ?? string.Empty,
            Agent = document.RequireString("agent"),
            Tasks = document.GetMaps("tasks").Select(ParseTask).ToArray(),
            Generated = (int)(generate?.GetInteger("tasks", 1, 1_000_000) ?? 0),
            Shares = shares,
        };
        var twice = suite.Tasks.GroupBy(task => task.Id, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1);
        if (twice is not null)
        {
            document.Get("tasks")!.Error($"the task '{twice.Key}' is there twice");
        }

        if (suite.Tasks.Count == 0 && generate is null)
        {
            document.Error("a suite needs 'tasks', or 'generate'");
        }

        return suite;
    }

    private static AgentTask ParseTask(YamlMap map) => new()
    {
        Id = map.RequireString("id"),
        Goal = map.RequireString("goal"),
        State = map.Require("state")?.ToJson() as JsonObject ?? [],
        IsFeasible = map.GetBoolean("feasible") ?? true,
        IsAttacked = map.GetBoolean("attacked") ?? false,
        Allowed = Required(map, "allowed"),
        Forbidden = map.GetMaps("forbidden").Select(ParseCheck).ToArray(),
        Plan = map.Get("plan")?.ToJson() as JsonArray,
    };

    private static StateCheck[] Required(YamlMap map, string key)
    {
        _ = map.Require(key);
        return map.GetMaps(key).Select(ParseCheck).ToArray();
    }

    private static StateCheck ParseCheck(YamlMap map)
    {
        var check = new StateCheck
        {
            Path = map.RequireString("path"),
            Is = map.GetString("is"),
            Exists = map.GetBoolean("exists"),
            Count = (int?)map.GetInteger("count", 0, int.MaxValue),
            IsUnchanged = map.GetBoolean("unchanged") ?? false,
            Min = map.GetDecimal("min"),
            Max = map.GetDecimal("max"),
            RoseBy = map.GetDecimal("roseBy"),
            FellAtMost = map.GetDecimal("fellAtMost"),
        };
        if (map.Keys.Count() < 2)
        {
            map.Error("a check says something of its path: is, exists, count, unchanged, min, max, roseBy or fellAtMost");
        }

        return check;
    }
}
