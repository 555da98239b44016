using System.Text.Json;
using AgentOps.Engine.Providers;

namespace AgentOps.Engine.Serialization;

/// <summary>Reads of what our own records always hold, beside the lenient ones of <see cref="JsonReading"/>.</summary>
internal static class JsonElementExtensions
{
    public static string RequiredText(this JsonElement element, string name) =>
        element.Text(name) ?? throw new JsonException($"The member '{name}' is missing or is no text.");

    public static T RequiredEnum<T>(this JsonElement element, string name) where T : struct, Enum =>
        Enum.TryParse<T>(element.RequiredText(name), ignoreCase: true, out var value)
            ? value
            : throw new JsonException($"The member '{name}' has the unknown value '{element.RequiredText(name)}'.");

    /// <summary>Durations travel as whole milliseconds.</summary>
    public static TimeSpan? Milliseconds(this JsonElement element, string name) =>
        element.Integer(name) is { } milliseconds ? TimeSpan.FromMilliseconds(milliseconds) : null;

    public static JsonElement? Object(this JsonElement element, string name) =>
        element.Member(name) is { ValueKind: JsonValueKind.Object } value ? value : null;

    public static IReadOnlyList<string> Strings(this JsonElement element, string name) => element.Texts(name) ?? [];
}
