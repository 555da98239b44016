using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using AgentOps.Engine.Configuration;

namespace AgentOps.Engine.Permissions;

/// <summary>The one coercion from JSON to a frozen value.</summary>
internal static class ArgumentCoercion
{
    private const int LongestList = 10_000;
    private const int DeepestObject = 16;

    public static bool TryCoerce(ToolParameter parameter, Regex? pattern, JsonElement element, out ArgumentValue value, [NotNullWhen(false)] out string? reason)
    {
        value = default;
        if (parameter.Type.Kind != ParameterKind.Array)
        {
            return TryScalar(parameter, parameter.Type.Kind, pattern, element, out value, out reason);
        }

        if (element.ValueKind != JsonValueKind.Array || element.GetArrayLength() > LongestList)
        {
            reason = $"a {parameter.Type} of at most 10000 items is due";
            return false;
        }

        var items = new List<ArgumentValue>();
        foreach (var item in element.EnumerateArray())
        {
            if (!TryScalar(parameter, parameter.Type.Items!.Kind, pattern, item, out var one, out reason))
            {
                return false;
            }

            items.Add(one);
        }

        value = ArgumentValue.FromArray(items);
        reason = null;
        return true;
    }

    private static bool TryScalar(ToolParameter parameter, ParameterKind kind, Regex? pattern, JsonElement element, out ArgumentValue value, [NotNullWhen(false)] out string? reason)
    {
        value = default;
        reason = null;
        switch (kind)
        {
            case ParameterKind.Boolean when element.ValueKind is JsonValueKind.True or JsonValueKind.False:
                value = ArgumentValue.From(element.ValueKind == JsonValueKind.True);
                return true;
            case ParameterKind.Integer when TryDigits(element, out var digits) && IsWhole(digits)
                && long.TryParse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var integer):
                value = ArgumentValue.From(integer);
                return InRange(parameter, integer, out reason);
            case ParameterKind.Decimal when TryDigits(element, out var digits) && YamlNumbers.TryDecimal(digits, out var number):
                value = ArgumentValue.From(number);
                return InRange(parameter, number, out reason);
            case ParameterKind.Date when element.ValueKind == JsonValueKind.String && JsonText.TryText(element, out var date) && YamlNumbers.TryTime(date, out var time):
                value = ArgumentValue.From(time);
                return true;
            case ParameterKind.String or ParameterKind.Path when element.ValueKind == JsonValueKind.String:
                return TryString(parameter, kind, pattern, element, out value, out reason);
            case ParameterKind.Object when TryObject(element, 0, out value):
                return true;
            default:
                reason = Due(kind);
                return false;
        }
    }

    private static bool TryString(ToolParameter parameter, ParameterKind kind, Regex? pattern, JsonElement element, out ArgumentValue value, [NotNullWhen(false)] out string? reason)
    {
        value = default;
        if (!JsonText.TryText(element, out var text))
        {
            reason = "is no Unicode text";
            return false;
        }

        if (parameter.AllowedValues is { } allowed)
        {
            var canonical = allowed.FirstOrDefault(candidate => string.Equals(candidate, text, StringComparison.Ordinal))
                ?? allowed.FirstOrDefault(candidate => string.Equals(candidate, text, StringComparison.OrdinalIgnoreCase));
            reason = canonical is null ? $"is none of: {string.Join(", ", allowed)}" : null;
            value = canonical is null ? default : ArgumentValue.From(canonical);
            return canonical is not null;
        }

        reason = LiteralCheck.Refusal(text, kind == ParameterKind.Path ? parameter.Literals | LiteralRules.NoWildcards | LiteralRules.SingleLine : parameter.Literals)
            ?? (kind == ParameterKind.Path ? LiteralCheck.PathRefusal(text) : null)
            ?? (pattern is not null && !pattern.IsMatch(text) ? "does not have the form that the tool demands" : null);
        value = ArgumentValue.From(text);
        return reason is null;
    }

    private static bool TryDigits(JsonElement element, out string digits)
    {
        digits = element.ValueKind switch
        {
            JsonValueKind.Number => element.GetRawText(),
            JsonValueKind.String when JsonText.TryText(element, out var text) => text,
            _ => "",
        };
        return digits.Length is > 0 and <= 40;
    }

    private static bool IsWhole(string digits)
    {
        var body = digits.StartsWith('-') ? digits.AsSpan(1) : digits;
        return !body.IsEmpty && !body.ContainsAnyExceptInRange('0', '9') && (body.Length == 1 || body[0] != '0');
    }

    private static bool InRange(ToolParameter parameter, decimal number, [NotNullWhen(false)] out string? reason)
    {
        reason = number < parameter.Min ? $"is below {YamlNumbers.Spell(parameter.Min.Value)}"
            : number > parameter.Max ? $"is above {YamlNumbers.Spell(parameter.Max.Value)}"
            : null;
        return reason is null;
    }

    private static bool TryObject(JsonElement element, int depth, out ArgumentValue value)
    {
        value = default;
        if (depth > DeepestObject)
        {
            return false;
        }

        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                var members = new List<KeyValuePair<string, ArgumentValue>>();
                var names = new HashSet<string>(StringComparer.Ordinal);
                foreach (var member in element.EnumerateObject())
                {
                    if (!JsonText.TryName(member, out var name) || !names.Add(name) || !TryObject(member.Value, depth + 1, out var one))
                    {
                        return false;
                    }

                    members.Add(KeyValuePair.Create(name, one));
                }

                value = ArgumentValue.FromObject(members);
                return true;
            case JsonValueKind.Array:
                var items = new List<ArgumentValue>();
                foreach (var item in element.EnumerateArray())
                {
                    if (!TryObject(item, depth + 1, out var one))
                    {
                        return false;
                    }

                    items.Add(one);
                }

                value = ArgumentValue.FromArray(items);
                return true;
            case JsonValueKind.String when JsonText.TryText(element, out var text):
                value = ArgumentValue.From(text);
                return true;
            case JsonValueKind.Number when IsWhole(element.GetRawText()) && element.TryGetInt64(out var integer):
                value = ArgumentValue.From(integer);
                return true;
            case JsonValueKind.Number when YamlNumbers.TryDecimal(element.GetRawText(), out var number):
                value = ArgumentValue.From(number);
                return true;
            case JsonValueKind.True or JsonValueKind.False:
                value = ArgumentValue.From(element.ValueKind == JsonValueKind.True);
                return true;
            case JsonValueKind.Null:
                return true;
            default:
                return false;
        }
    }

    private static string Due(ParameterKind kind) => kind switch
    {
        ParameterKind.Boolean => "true or false is due, not a text",
        ParameterKind.Integer => "a whole number in plain digits is due",
        ParameterKind.Decimal => "a decimal in plain digits such as \"12.50\" is due, of at most 28 digits",
        ParameterKind.Date => "a time with its zone such as 2026-10-01T00:00:00Z is due",
        ParameterKind.Object => "JSON of at most 16 levels, with plain numbers and no member given twice, is due",
        _ => "a text is due, no list and no object",
    };
}
