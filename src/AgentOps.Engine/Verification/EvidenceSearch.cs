using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using AgentOps.Engine.Permissions;

namespace AgentOps.Engine.Verification;

/// <summary>
/// Finds what a session saw of the thing that a call speaks of: the newest answer about it counts, and no older one, however much
/// better it was. What can't be read, is not there once, is too old or has run out is no evidence.
/// </summary>
internal static class EvidenceSearch
{
    public static EvidenceItem? Find(EvidenceSource source, BoundArguments call, SessionEvidence seen, DateTimeOffset now, [NotNullWhen(false)] out string? problem)
    {
        problem = null;
        foreach (var output in seen.Of(source.Tool).Where(output => SpeaksOf(source, output.Arguments, call)))
        {
            if (output.Json is not { } json)
            {
                problem = $"the newest answer of {source.Tool} is no whole JSON";
                return null;
            }

            var items = Items(source, json, call).Take(2).ToList();
            if (items.Count > 1)
            {
                problem = $"{source.Tool} names the same thing twice";
                return null;
            }

            if (items.Count == 1)
            {
                var item = new EvidenceItem(source, output, items[0]);
                problem = Outdated(source, item, now);
                return problem is null ? item : null;
            }
        }

        var compared = source.SameArguments.Select(pair => pair.Value).Concat(source.SameOutput.Select(pair => pair.Value)).Distinct(StringComparer.OrdinalIgnoreCase);
        problem = $"{source.Tool} has not answered for the same {string.Join(", ", compared)} in this session; call it first";
        return null;
    }

    private static bool SpeaksOf(EvidenceSource source, BoundArguments asked, BoundArguments call)
    {
        foreach (var (theirs, ours) in source.SameArguments)
        {
            if (!asked.TryGet(theirs, out var before) || !call.TryGet(ours, out var present) || !before.Equals(present))
            {
                return false;
            }
        }

        return true;
    }

    private static IEnumerable<JsonElement> Items(EvidenceSource source, JsonElement json, BoundArguments call)
    {
        var candidates = source.Each is null ? [json]
            : source.Each.Follow(json) is { ValueKind: JsonValueKind.Array } list ? list.EnumerateArray()
            : Enumerable.Empty<JsonElement>();
        return candidates.Where(item => source.SameOutput.All(pair =>
            call.TryGet(pair.Value, out var argument) && EvidenceItem.IsSame(pair.Key.Follow(item), argument)));
    }

    private static string? Outdated(EvidenceSource source, EvidenceItem item, DateTimeOffset now)
    {
        if (source.Within is { } age && now - item.Output.Time > age)
        {
            return $"the answer of {source.Tool} is too old; call it again";
        }

        if (source.Expires is not { } expires)
        {
            return null;
        }

        return item.TimeAt(expires) is not { } end ? $"{source.Tool} gave no time with its zone as '{expires}'"
            : end <= now ? $"the answer of {source.Tool} has run out; call it again"
            : null;
    }
}
