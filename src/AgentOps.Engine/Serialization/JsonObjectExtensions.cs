using System.Globalization;
using System.Text.Json.Nodes;

namespace AgentOps.Engine.Serialization;

/// <summary>Writes of the members of a JSON object; what is null is left out, so that records stay short and canonical.</summary>
internal static class JsonObjectExtensions
{
    public static JsonObject With(this JsonObject target, string name, string? value)
    {
        if (value is not null)
        {
            target[name] = value;
        }

        return target;
    }

    public static JsonObject With(this JsonObject target, string name, long? value)
    {
        if (value is not null)
        {
            target[name] = value.Value;
        }

        return target;
    }

    public static JsonObject With(this JsonObject target, string name, bool value)
    {
        if (value)
        {
            target[name] = true;
        }

        return target;
    }

    /// <summary>Decimals travel as strings.</summary>
    public static JsonObject With(this JsonObject target, string name, decimal? value) =>
        target.With(name, value?.ToString(CultureInfo.InvariantCulture));

    /// <summary>Durations travel as whole milliseconds.</summary>
    public static JsonObject With(this JsonObject target, string name, TimeSpan? value) =>
        target.With(name, value is null ? null : (long)value.Value.TotalMilliseconds);

    public static JsonObject With(this JsonObject target, string name, JsonNode? value)
    {
        if (value is not null)
        {
            target[name] = value;
        }

        return target;
    }

    public static JsonObject With(this JsonObject target, string name, IReadOnlyCollection<string> values)
    {
        if (values.Count > 0)
        {
            var items = new JsonArray();
            foreach (var value in values)
            {
                items.Add((JsonNode)value);
            }

            target[name] = items;
        }

        return target;
    }
}
