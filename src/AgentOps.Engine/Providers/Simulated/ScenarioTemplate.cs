using System.Text;
using System.Text.Json;

namespace AgentOps.Engine.Providers.Simulated;

/// <summary>Fills in what a scripted text quotes from the conversation.</summary>
internal static class ScenarioTemplate
{
    private const string ToolPrefix = "tool.";

    /// <summary>
    /// Replaces <c>{{user}}</c>, <c>{{turn}}</c> and <c>{{tool.NAME.path}}</c> (the newest result of NAME; a path such as
    /// <c>items[0].name</c> into its JSON; without a path the whole content). What isn't there is said to be missing.
    /// </summary>
    public static string Fill(string template, IReadOnlyList<Message> messages, int turn, bool insideJson = false)
    {
        var start = template.IndexOf("{{", StringComparison.Ordinal);
        if (start < 0)
        {
            return template;
        }

        var text = new StringBuilder();
        var position = 0;
        while (start >= 0)
        {
            var end = template.IndexOf("}}", start, StringComparison.Ordinal);
            if (end < 0)
            {
                break;
            }

            text.Append(template, position, start - position);
            var value = Value(template[(start + 2)..end].Trim(), messages, turn);
            text.Append(insideJson ? JsonEncodedText.Encode(value).Value : value);
            position = end + 2;
            start = template.IndexOf("{{", position, StringComparison.Ordinal);
        }

        return text.Append(template, position, template.Length - position).ToString();
    }

    private static string Value(string expression, IReadOnlyList<Message> messages, int turn)
    {
        if (expression == "turn")
        {
            return turn.ToString(System.Globalization.CultureInfo.InvariantCulture);
        }

        if (expression == "user")
        {
            return messages.LastOrDefault(message => message.Role == MessageRole.User)?.TextContent ?? "";
        }

        if (expression.StartsWith(ToolPrefix, StringComparison.Ordinal))
        {
            var rest = expression[ToolPrefix.Length..];
            for (var index = messages.Count - 1; index >= 0; index--)
            {
                foreach (var result in messages[index].Parts.OfType<ToolResultPart>().Reverse())
                {
                    if (rest == result.Name)
                    {
                        return result.Content;
                    }

                    if (rest.StartsWith(result.Name, StringComparison.Ordinal) && rest[result.Name.Length] is '.' or '[')
                    {
                        return Follow(JsonReading.TryParse(result.Content), rest[result.Name.Length..]) ?? Missing(expression);
                    }
                }
            }
        }

        return Missing(expression);
    }

    private static string Missing(string expression) => $"(no {expression})";

    private static string? Follow(JsonElement? root, string path)
    {
        if (root is not { } element)
        {
            return null;
        }

        foreach (var key in path.Split(['.', '[', ']'], StringSplitOptions.RemoveEmptyEntries))
        {
            if (element.ValueKind == JsonValueKind.Array
                && int.TryParse(key, System.Globalization.CultureInfo.InvariantCulture, out var index))
            {
                if (index < 0 || index >= element.GetArrayLength())
                {
                    return null;
                }

                element = element[index];
            }
            else if (element.Member(key) is { } member)
            {
                element = member;
            }
            else
            {
                return null;
            }
        }

        return element.ValueKind == JsonValueKind.String ? element.GetString() : element.GetRawText();
    }
}
