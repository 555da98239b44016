using System.Collections;
using System.Globalization;
using System.Management.Automation;
using System.Text.Json.Nodes;
using AgentOps.Engine.Errors;

namespace AgentOps.Hosting;

/// <summary>
/// What a user wrote as a hashtable, as JSON in the languages of policies, tools and scenarios: fractions become decimal text,
/// times become UTC text, and nothing becomes floating point.
/// </summary>
internal static class HashtableJson
{
    private const int Deepest = 32;

    public static JsonObject ToObject(IDictionary table) => ToObject(table, 0, keepNumbers: false);

    /// <summary>The same for a JSON Schema, in which fractions are numbers.</summary>
    public static JsonObject ToSchema(IDictionary table) => ToObject(table, 0, keepNumbers: true);

    private static JsonObject ToObject(IDictionary table, int depth, bool keepNumbers)
    {
        var json = new JsonObject();
        foreach (DictionaryEntry entry in table)
        {
            json[Convert.ToString(entry.Key, CultureInfo.InvariantCulture) ?? string.Empty] = ToNode(entry.Value, depth + 1, keepNumbers);
        }

        return json;
    }

    private static JsonNode? ToNode(object? value, int depth, bool keepNumbers)
    {
        if (depth > Deepest)
        {
            throw new AgentOpsException(ErrorCodes.ValueNotUnderstood, $"A value is nested more than {Deepest} levels deep.");
        }

        var plain = value is PSObject { BaseObject: not PSCustomObject } wrapped ? wrapped.BaseObject : value;
        return plain switch
        {
            null => null,
            string text => JsonValue.Create(text),
            bool flag => JsonValue.Create(flag),
            SwitchParameter flag => JsonValue.Create(flag.IsPresent),
            Enum word => JsonValue.Create(word.ToString()),
            sbyte or byte or short or ushort or int or uint or long => JsonValue.Create(Convert.ToInt64(plain, CultureInfo.InvariantCulture)),
            decimal or float or double when keepNumbers => JsonValue.Create(ToDecimal(plain)),
            decimal number => JsonValue.Create(number.ToString(CultureInfo.InvariantCulture)),
            float or double => JsonValue.Create(ToDecimal(plain).ToString(CultureInfo.InvariantCulture)),
            DateTimeOffset time => JsonValue.Create(Text(time)),
            DateTime time => JsonValue.Create(Text(new DateTimeOffset(time))),
            TimeSpan duration => JsonValue.Create(System.Xml.XmlConvert.ToString(duration)),
            Uri uri => JsonValue.Create(uri.OriginalString),
            IDictionary table => ToObject(table, depth, keepNumbers),
            PSObject custom => ToObject(custom.Properties.ToDictionary(property => property.Name, property => property.Value), depth, keepNumbers),
            IEnumerable items => new JsonArray([.. items.Cast<object?>().Select(item => ToNode(item, depth + 1, keepNumbers))]),
            _ => throw new AgentOpsException(ErrorCodes.ValueNotUnderstood, $"A value of type {plain.GetType().Name} can't be written as JSON.", plain.GetType().Name),
        };
    }

    private static decimal ToDecimal(object value)
    {
        try
        {
            return Convert.ToDecimal(value, CultureInfo.InvariantCulture);
        }
        catch (OverflowException exception)
        {
            throw new AgentOpsException(ErrorCodes.ValueNotUnderstood, $"The number {Convert.ToString(value, CultureInfo.InvariantCulture)} is out of range.", value, innerException: exception);
        }
    }

    private static string Text(DateTimeOffset time) =>
        time.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture);
}
