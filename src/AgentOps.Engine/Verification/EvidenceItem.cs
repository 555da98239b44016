using System.Text.Json;
using AgentOps.Engine.Configuration;
using AgentOps.Engine.Permissions;

namespace AgentOps.Engine.Verification;

/// <summary>The one thing in the session's tool output that a constraint speaks of.</summary>
internal sealed class EvidenceItem(EvidenceSource source, SeenOutput output, JsonElement item)
{
    public SeenOutput Output => output;

    /// <summary>The value as an exact number; null when it is none in plain digits.</summary>
    public decimal? Number() => source.Path.Follow(item) is { } value ? ToNumber(value) : null;

    /// <summary>The value as a text; null when it is none.</summary>
    public string? Text() => TextAt(source.Path);

    /// <summary>The value as a time in UTC; null when it is none.</summary>
    public DateTimeOffset? Time() => TimeAt(source.Path);

    /// <summary>A text at another path.</summary>
    public string? TextAt(OutputPath path) => path.Follow(item) is { ValueKind: JsonValueKind.String } value && JsonText.TryText(value, out var text) ? text : null;

    /// <summary>A time at another path.</summary>
    public DateTimeOffset? TimeAt(OutputPath path) => TextAt(path) is { } text && YamlNumbers.TryTime(text, out var time) ? time : null;

    /// <summary>Whether a value of the output is the same as an argument, in the argument's type.</summary>
    public static bool IsSame(JsonElement? value, ArgumentValue argument) => argument.Kind switch
    {
        ArgumentValueKind.String => value is { ValueKind: JsonValueKind.String } text
            && JsonText.TryText(text, out var written) && string.Equals(written, argument.AsString(), StringComparison.Ordinal),
        ArgumentValueKind.Integer or ArgumentValueKind.Decimal => value is { } number && ToNumber(number) == argument.AsDecimal(),
        _ => false,
    };

    private static decimal? ToNumber(JsonElement value)
    {
        var digits = value.ValueKind switch
        {
            JsonValueKind.Number => value.GetRawText(),
            JsonValueKind.String when JsonText.TryText(value, out var text) => text,
            _ => string.Empty,
        };
        return YamlNumbers.TryDecimal(digits, out var number) ? number : null;
    }
}
