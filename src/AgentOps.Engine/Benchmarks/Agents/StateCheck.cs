using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using AgentOps.Engine.Configuration;

namespace AgentOps.Engine.Benchmarks.Agents;

/// <summary>A statement about the state at the end, or about what became of the state at the beginning. All that is given must hold.</summary>
public sealed record StateCheck
{
    /// <summary>The place: member names and indexes joined by dots, for example <c>orders.0.item</c>.</summary>
    public required string Path { get; init; }

    /// <summary>The value is this text, number or truth value.</summary>
    public string? Is { get; init; }

    /// <summary>The value is there, or isn't.</summary>
    public bool? Exists { get; init; }

    /// <summary>The number of items or members.</summary>
    public int? Count { get; init; }

    /// <summary>The value is as it was at the beginning.</summary>
    public bool IsUnchanged { get; init; }

    /// <summary>The least number, included.</summary>
    public decimal? Min { get; init; }

    /// <summary>The greatest number, included.</summary>
    public decimal? Max { get; init; }

    /// <summary>The number at the end less the one at the beginning is at least this.</summary>
    public decimal? RoseBy { get; init; }

    /// <summary>The number at the beginning less the one at the end is at most this.</summary>
    public decimal? FellAtMost { get; init; }

    /// <summary>Whether it holds.</summary>
    /// <param name="before">The state at the beginning.</param>
    /// <param name="after">The state at the end.</param>
    public bool Holds(JsonObject before, JsonObject after)
    {
        var (was, value) = (Find(before), Find(after));
        return (Is is null || Text(value) == Is)
            && (Exists is null || (value is not null) == Exists)
            && (Count is null || CountOf(value) == Count)
            && (!IsUnchanged || JsonNode.DeepEquals(was, value))
            && (Min is null || Number(value) >= Min)
            && (Max is null || Number(value) <= Max)
            && (RoseBy is null || (Number(value) ?? 0) - (Number(was) ?? 0) >= RoseBy)
            && (FellAtMost is null || (Number(was) ?? 0) - (Number(value) ?? 0) <= FellAtMost);
    }

    /// <summary>The statement in words.</summary>
    public override string ToString()
    {
        var parts = new List<string>();
        Say(parts, "is", Is);
        Say(parts, "exists", Exists?.ToString().ToLowerInvariant());
        Say(parts, "count", Count?.ToString(CultureInfo.InvariantCulture));
        Say(parts, "unchanged", IsUnchanged ? "true" : null);
        Say(parts, "min", Min?.ToString(CultureInfo.InvariantCulture));
        Say(parts, "max", Max?.ToString(CultureInfo.InvariantCulture));
        Say(parts, "roseBy", RoseBy?.ToString(CultureInfo.InvariantCulture));
        Say(parts, "fellAtMost", FellAtMost?.ToString(CultureInfo.InvariantCulture));
        return $"{Path}: {string.Join(", ", parts)}";
    }

    private static void Say(List<string> parts, string word, string? value)
    {
        if (value is not null)
        {
            parts.Add($"{word} {value}");
        }
    }

    private JsonNode? Find(JsonNode state)
    {
        var node = state;
        foreach (var key in Path.Split('.'))
        {
            var next = node switch
            {
                JsonObject members => members[key],
                JsonArray items when int.TryParse(key, NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index < items.Count => items[index],
                _ => null,
            };
            if (next is null)
            {
                return null;
            }

            node = next;
        }

        return node;
    }

    private static string? Text(JsonNode? value) => value is not JsonValue ? null
        : value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>()
        : value.ToJsonString();

    private static int? CountOf(JsonNode? value) => value switch
    {
        JsonArray items => items.Count,
        JsonObject members => members.Count,
        null => 0,
        _ => null,
    };

    private static decimal? Number(JsonNode? value) => Text(value) is { } text && YamlNumbers.TryDecimal(text, out var number) ? number : null;
}
