using System.Globalization;
using AgentOps.Engine.Errors;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace AgentOps.Engine.Catalog;

/// <summary>A mapping of a catalog file, read field by field; what nobody asked for is an error with its place.</summary>
internal sealed class CatalogNode
{
    private readonly string _file;
    private readonly YamlMappingNode _mapping;
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);

    public CatalogNode(string file, YamlNode node)
    {
        _file = file;
        _mapping = node as YamlMappingNode
            ?? throw Invalid(file, node.Start, "An entry must be a mapping of keys to values.");
    }

    public string Place => Describe(_file, _mapping.Start);

    /// <summary>Reads the entries of a catalog: a sequence of mappings.</summary>
    public static IEnumerable<CatalogNode> Entries(string file, TextReader text)
    {
        var stream = new YamlStream();
        try
        {
            stream.Load(text);
        }
        catch (YamlException exception)
        {
            throw Invalid(file, exception.Start, exception.InnerException?.Message ?? exception.Message);
        }

        if (stream.Documents.Count == 0)
        {
            return [];
        }

        var root = stream.Documents[0].RootNode as YamlSequenceNode
            ?? throw Invalid(file, stream.Documents[0].RootNode.Start, "A catalog is a list of entries, each begun by '- name:'.");
        return root.Children.Select(node => new CatalogNode(file, node));
    }

    public string Text(string key) => OptionalText(key) ?? throw Missing(key);

    public string? OptionalText(string key) => Find(key) switch
    {
        null => null,
        YamlScalarNode scalar => scalar.Value ?? "",
        var other => throw Invalid(_file, other.Start, $"'{key}' must be a single value."),
    };

    public IReadOnlyList<string> Texts(string key) => Find(key) switch
    {
        null => [],
        YamlSequenceNode list => [.. list.Children.Select(child => (child as YamlScalarNode)?.Value
            ?? throw Invalid(_file, child.Start, $"'{key}' must be a list of names."))],
        var other => throw Invalid(_file, other.Start, $"'{key}' must be a list of names."),
    };

    /// <summary>A list of names, each one of those.</summary>
    public IReadOnlyList<string> Names(string key, IReadOnlyList<string> known)
    {
        var names = Texts(key);
        return names.FirstOrDefault(name => !known.Contains(name)) is { } unknown
            ? throw Invalid(_file, Find(key)!.Start, $"'{unknown}' in '{key}' is none of {string.Join(", ", known)}.")
            : names;
    }

    /// <summary>A text and a date, as a list of both; null where there is none.</summary>
    public (string Text, DateOnly Date)? Dated(string key)
    {
        if (Find(key) is not { } node)
        {
            return null;
        }

        return Texts(key) is [var text, var day] && DateOnly.TryParseExact(day, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date)
            ? (text, date)
            : throw Invalid(_file, node.Start, $"'{key}' must be a page and a date such as 2025-06-30.");
    }

    public int Integer(string key, int? otherwise = null)
    {
        var value = Number(key, otherwise);
        return value <= int.MaxValue && double.IsInteger(value) ? (int)value : throw Invalid(_file, Find(key)!.Start, $"'{key}' must be a whole number, at most {int.MaxValue}.");
    }

    public double Number(string key, double? otherwise = null)
    {
        if (Find(key) is not { } node)
        {
            return otherwise ?? throw Missing(key);
        }

        if (node is not YamlScalarNode { Value: { } text }
            || !double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
            || !double.IsFinite(value)
            || value < 0)
        {
            throw Invalid(_file, node.Start, $"'{key}' must be a number of 0 or more.");
        }

        return value;
    }

    /// <summary>US dollars; null where the key is absent.</summary>
    public decimal? Money(string key)
    {
        if (Find(key) is not { } node)
        {
            return null;
        }

        return node is YamlScalarNode { Value: { } text } && decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && value >= 0
            ? value
            : throw Invalid(_file, node.Start, $"'{key}' must be a number of 0 or more.");
    }

    /// <summary>US dollars, which must be said: nothing is free by mistake.</summary>
    public decimal RequiredMoney(string key) => Money(key) ?? throw Missing(key);

    /// <summary>A share of something, from 0 to 1; null where the key is absent.</summary>
    public decimal? Share(string key) => Money(key) is { } share and > 1
        ? throw Invalid(_file, Find(key)!.Start, FormattableString.Invariant($"'{key}' must be a share from 0 to 1, and is {share}."))
        : Money(key);

    public DateOnly? Date(string key)
    {
        if (Find(key) is not { } node)
        {
            return null;
        }

        return node is YamlScalarNode { Value: { } text }
            && DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date)
            ? date
            : throw Invalid(_file, node.Start, $"'{key}' must be a date such as 2025-06-30.");
    }

    public bool Flag(string key) => Find(key) switch
    {
        null => false,
        YamlScalarNode { Value: "true" } => true,
        YamlScalarNode { Value: "false" } => false,
        var other => throw Invalid(_file, other.Start, $"'{key}' must be true or false."),
    };

    public T Choice<T>(string key, T otherwise, IReadOnlyDictionary<string, T> choices)
    {
        var node = Find(key);
        if (node is null)
        {
            return otherwise;
        }

        return node is YamlScalarNode { Value: { } text } && choices.TryGetValue(text, out var value)
            ? value
            : throw Invalid(_file, node.Start, $"'{key}' must be one of {string.Join(", ", choices.Keys)}.");
    }

    /// <summary>One of some words, which must be said.</summary>
    public string Choice(string key, IReadOnlyList<string> choices) =>
        Text(key) is var word && choices.Contains(word) ? word : throw Invalid(_file, Find(key)!.Start, $"'{key}' must be one of {string.Join(", ", choices)}.");

    public CatalogNode? Child(string key) => Find(key) is { } node ? new CatalogNode(_file, node) : null;

    /// <summary>Refuses keys that no question was asked about.</summary>
    public void RefuseUnknown()
    {
        foreach (var (key, _) in _mapping.Children)
        {
            var name = (key as YamlScalarNode)?.Value ?? "";
            if (!_known.Contains(name))
            {
                var nearest = NearestName.Of(name, _known);
                throw Invalid(_file, key.Start, $"Unknown key '{name}'." + (nearest is null ? "" : $" Did you mean '{nearest}'?"));
            }
        }
    }

    private AgentOpsException Missing(string key) => Invalid(_file, _mapping.Start, $"The key '{key}' is missing.");

    private static AgentOpsException Invalid(string file, Mark mark, string message) =>
        new(ErrorCodes.CatalogInvalid, $"{Describe(file, mark)}: {message}", Describe(file, mark));

    private static string Describe(string file, Mark mark) => string.Create(CultureInfo.InvariantCulture, $"{file}:{mark.Line}:{mark.Column}");

    private YamlNode? Find(string key)
    {
        _known.Add(key);
        foreach (var (name, node) in _mapping.Children)
        {
            if (name is YamlScalarNode scalar && scalar.Value == key)
            {
                return node;
            }
        }

        return null;
    }
}
