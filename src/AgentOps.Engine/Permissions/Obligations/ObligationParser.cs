using AgentOps.Engine.Configuration;

namespace AgentOps.Engine.Permissions;

/// <summary>Reads the obligations of a require.</summary>
internal static class ObligationParser
{
    public static IReadOnlyList<Obligation> ParseAll(YamlMap rule)
    {
        var obligations = new List<Obligation>();
        foreach (var map in rule.GetMaps("obligations"))
        {
            var before = obligations.Count;
            Add(obligations, map.GetMap("approval"), ParseApproval);
            Add(obligations, map.GetMap("limit"), ParseLimit);
            Add(obligations, map.GetMap("compensate"), ParseCompensate);
            Add(obligations, map.GetMap("dryRun"), body => new DryRunObligation(RequireDuration(body, "within")));
            if (obligations.Count == before && !map.Keys.Any())
            {
                map.Error("an obligation is one of approval, limit, compensate, dryRun");
            }
        }

        return obligations;
    }

    private static void Add(List<Obligation> obligations, YamlMap? body, Func<YamlMap, Obligation?> parse)
    {
        if (body is not null && parse(body) is { } obligation)
        {
            obligations.Add(obligation);
        }
    }

    private static ApprovalObligation ParseApproval(YamlMap map) => new()
    {
        Quorum = (int?)map.GetInteger("quorum", 1, 100) ?? 1,
        From = map.GetString("from"),
        NotRequester = map.GetBoolean("notRequester") ?? true,
        Timeout = map.GetDuration("timeout") ?? TimeSpan.FromMinutes(15),
    };

    private static LimitObligation? ParseLimit(YamlMap map)
    {
        var key = map.RequireOneOf("key", PolicyWords.LimitKeys);
        var sum = map.RequireString("sum");
        var window = map.GetDuration("window");
        var max = map.Require("max")?.AsDecimal();
        if (max < 0)
        {
            map.Get("max")!.Error("a bound below zero could never be kept");
        }

        if (sum.Length == 0 || max is null)
        {
            return null;
        }

        if (sum.StartsWith(PolicyWords.ArgumentPrefix, StringComparison.Ordinal) && sum.Length > PolicyWords.ArgumentPrefix.Length)
        {
            return new LimitObligation { Key = key, Measure = LimitMeasure.Argument, Argument = sum[PolicyWords.ArgumentPrefix.Length..], Max = max.Value, Window = window };
        }

        if (sum is not ("calls" or "cost"))
        {
            map.Get("sum")!.Error($"'{sum}': a limit adds up calls, cost, or an argument such as args.Amount");
            return null;
        }

        return new LimitObligation { Key = key, Measure = sum == "calls" ? LimitMeasure.Calls : LimitMeasure.Cost, Max = max.Value, Window = window };
    }

    private static CompensateObligation ParseCompensate(YamlMap map) => new(map.RequireString("tool"), RequireDuration(map, "within"));

    private static TimeSpan RequireDuration(YamlMap map, string key) => map.Require(key)?.AsDuration() ?? TimeSpan.FromHours(24);
}
