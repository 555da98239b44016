using System.Globalization;
using System.Text.Json.Nodes;
using System.Xml;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace AgentOps.Engine.Configuration;

/// <summary>
/// One value of a configuration document. A typed getter that fails records an error with its place and gives null,
/// so that a parser goes on and the user sees all errors of a file at once.
/// </summary>
public sealed class YamlValue
{
    private readonly YamlNode _node;
    private readonly YamlScope _scope;
    private YamlMap? _map;

    internal YamlValue(string name, YamlNode node, YamlScope scope)
    {
        Name = name;
        _node = node;
        _scope = scope;
    }

    /// <summary>The key under which it stands, or <c>key[index]</c> in a list.</summary>
    public string Name { get; }

    /// <summary>Where it stands.</summary>
    public YamlLocation Location => _scope.Locate(_node);

    /// <summary>Whether it is a mapping.</summary>
    public bool IsMap => _node is YamlMappingNode;

    /// <summary>Whether it is a sequence.</summary>
    public bool IsList => _node is YamlSequenceNode;

    /// <summary>Whether it is a single value (text, number, true, false, null).</summary>
    public bool IsScalar => _node is YamlScalarNode;

    /// <summary>Whether nothing, <c>~</c> or <c>null</c> was written.</summary>
    public bool IsNull => _node is YamlScalarNode { Style: ScalarStyle.Plain } scalar && scalar.Value is null or "" or "~" or "null";

    private bool IsPlain => _node is YamlScalarNode { Style: ScalarStyle.Plain };

    private string Text => (_node as YamlScalarNode)?.Value ?? "";

    /// <summary>Records an error at this value.</summary>
    /// <param name="message">What was wrong; never a secret.</param>
    public void Error(string message) => _scope.Errors.Add(Location, message);

    /// <summary>A text; an unquoted word or number counts as text. Null, with an error, for anything else.</summary>
    public string? AsString()
    {
        if (IsScalar && !IsNull)
        {
            return Text;
        }

        return Wrong<string>("a text");
    }

    /// <summary>A whole number in plain digits, within bounds.</summary>
    /// <param name="min">Smallest taken.</param>
    /// <param name="max">Largest taken.</param>
    public long? AsInteger(long min = long.MinValue, long max = long.MaxValue)
    {
        if (!IsScalar || !IsDigits(Text) || !long.TryParse(Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value))
        {
            Wrong<string>("a whole number in plain digits");
            return null;
        }

        if (value < min || value > max)
        {
            Error(string.Create(CultureInfo.InvariantCulture, $"'{Name}' is {value}; it must lie between {min} and {max}"));
            return null;
        }

        return value;
    }

    /// <summary>A decimal: a whole number, or a quoted text such as <c>"500.00"</c>, so that no tool turns it into a float.</summary>
    public decimal? AsDecimal()
    {
        if (IsScalar && YamlNumbers.TryDecimal(Text, out var value))
        {
            if (IsPlain && Text.Contains('.', StringComparison.Ordinal))
            {
                Error($"'{Name}': write the decimal in quotes, \"{Text}\", so that no tool rounds it");
                return null;
            }

            return value;
        }

        Wrong<string>("a decimal in quotes such as \"500.00\"");
        return null;
    }

    /// <summary><c>true</c> or <c>false</c>, unquoted.</summary>
    public bool? AsBoolean()
    {
        if (IsPlain && Text is "true" or "false")
        {
            return Text == "true";
        }

        Wrong<string>("true or false");
        return null;
    }

    /// <summary>A time with its zone, for example <c>2026-10-01T00:00:00Z</c>; given in UTC.</summary>
    public DateTimeOffset? AsTime()
    {
        if (IsScalar && YamlNumbers.TryTime(Text, out var value))
        {
            return value;
        }

        Wrong<string>("a time with its zone such as 2026-10-01T00:00:00Z");
        return null;
    }

    /// <summary>A positive duration in ISO 8601, for example <c>PT15M</c> or <c>P1D</c>; years and months are refused, for they have no fixed length.</summary>
    public TimeSpan? AsDuration()
    {
        if (IsScalar && Text.StartsWith('P') && !Text.Split('T')[0].AsSpan().ContainsAny('Y', 'M'))
        {
            try
            {
                var value = XmlConvert.ToTimeSpan(Text);
                if (value > TimeSpan.Zero)
                {
                    return value;
                }
            }
            catch (Exception exception) when (exception is FormatException or OverflowException)
            {
                Wrong<string>("a duration such as PT15M or P1D");
                return null;
            }
        }

        Wrong<string>("a duration such as PT15M or P1D");
        return null;
    }

    /// <summary>One word out of a fixed set.</summary>
    /// <typeparam name="T">What the words stand for.</typeparam>
    /// <param name="words">The words and what they stand for; spelt exactly.</param>
    /// <param name="value">What the word stands for.</param>
    public bool TryOneOf<T>(IReadOnlyList<(string Word, T Value)> words, out T value)
    {
        if (AsString() is { } text)
        {
            foreach (var (word, candidate) in words)
            {
                if (string.Equals(word, text, StringComparison.Ordinal))
                {
                    value = candidate;
                    return true;
                }
            }

            Error($"'{Name}' is '{text}'{YamlSuggestion.Hint(text, [.. words.Select(pair => pair.Word)])}");
        }

        value = default!;
        return false;
    }

    /// <summary>A mapping; each of its keys must be asked for, or it is reported as unknown.</summary>
    public YamlMap? AsMap()
    {
        if (_node is YamlMappingNode mapping)
        {
            return _map ??= _scope.Open(Name, mapping);
        }

        return Wrong<YamlMap>("a mapping");
    }

    /// <summary>A sequence.</summary>
    public IReadOnlyList<YamlValue>? AsList()
    {
        if (_node is YamlSequenceNode sequence)
        {
            return [.. sequence.Children.Select((child, index) => new YamlValue(string.Create(CultureInfo.InvariantCulture, $"{Name}[{index}]"), child, _scope))];
        }

        return Wrong<IReadOnlyList<YamlValue>>("a list");
    }

    /// <summary>
    /// The value as free JSON, all keys taken: unquoted <c>true</c>, <c>false</c>, <c>null</c> and numbers keep their type, the rest is text.
    /// </summary>
    public JsonNode? ToJson() => YamlJson.Convert(_node);

    private T? Wrong<T>(string due)
        where T : class
    {
        var found = _node switch
        {
            YamlMappingNode => "a mapping",
            YamlSequenceNode => "a list",
            _ when IsNull => "nothing",
            _ => $"'{Text}'",
        };
        Error($"'{Name}': {due} is due, not {found}");
        return null;
    }

    private static bool IsDigits(string text)
    {
        var digits = text.StartsWith('-') ? text.AsSpan(1) : text;
        return digits.Length > 0 && !digits.ContainsAnyExceptInRange('0', '9') && (digits.Length == 1 || digits[0] != '0');
    }
}
