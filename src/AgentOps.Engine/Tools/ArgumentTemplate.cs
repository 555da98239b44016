using System.Text.Json;
using System.Text.RegularExpressions;
using AgentOps.Engine.Permissions;

namespace AgentOps.Engine.Tools;

/// <summary>Text with <c>{Name}</c> in place of an argument's value.</summary>
internal static partial class ArgumentTemplate
{
    /// <summary>Names of the parameters that a template mentions.</summary>
    public static IEnumerable<string> Placeholders(string template) =>
        Placeholder().Matches(template).Select(match => match.Groups[1].Value);

    /// <summary>Fills a template; null when an argument that it mentions is not bound.</summary>
    /// <param name="template">The text with placeholders.</param>
    /// <param name="arguments">The frozen arguments.</param>
    /// <param name="encode">How each value is written into the text.</param>
    public static string? Fill(string template, BoundArguments arguments, Func<string, string> encode)
    {
        if (Placeholders(template).Any(name => !arguments.TryGet(name, out _)))
        {
            return null;
        }

        return Placeholder().Replace(template, match => encode(Text(arguments[match.Groups[1].Value])));
    }

    /// <summary>A value as plain text: a string without quotation marks, a list joined by commas.</summary>
    public static string Text(ArgumentValue value) => value.Kind switch
    {
        ArgumentValueKind.String => value.AsString()!,
        ArgumentValueKind.Array => string.Join(',', value.AsArray().ToArray().Select(Text)),
        ArgumentValueKind.Null => string.Empty,
        _ => value.ToJson() is { } json && json.GetValueKind() == JsonValueKind.String ? json.GetValue<string>() : value.ToString(),
    };

    [GeneratedRegex(@"\{([A-Za-z][A-Za-z0-9_]*)\}", RegexOptions.CultureInvariant)]
    private static partial Regex Placeholder();
}
