using YamlDotNet.RepresentationModel;

namespace AgentOps.Engine.Configuration;

/// <summary>
/// A mapping of a configuration document. Every key that is asked for is known; a key that nobody asks for is reported
/// with the nearest known one when the document closes. Getters record errors and give a default, so a parser is
/// written without a branch for each mistake.
/// </summary>
public sealed class YamlMap
{
    private readonly YamlMappingNode _node;
    private readonly YamlScope _scope;
    private readonly Dictionary<string, (YamlNode Key, YamlValue Value)> _entries;
    private readonly HashSet<string> _asked = new(StringComparer.Ordinal);

    internal YamlMap(string name, YamlMappingNode node, YamlScope scope)
    {
        Name = name;
        _node = node;
        _scope = scope;
        _entries = new(node.Children.Count, StringComparer.Ordinal);
        foreach (var (key, value) in node.Children)
        {
            if (key is YamlScalarNode { Value: { Length: > 0 } text })
            {
                _entries[text] = (key, new YamlValue(text, value, scope));
            }
            else
            {
                scope.Errors.Add(scope.Locate(key), "a key must be a plain word");
            }
        }
    }

    /// <summary>The key under which this mapping stands; empty for a document.</summary>
    public string Name { get; }

    /// <summary>Where it begins.</summary>
    public YamlLocation Location => _scope.Locate(_node);

    /// <summary>The keys in the order of the file; reading them does not make them known.</summary>
    public IEnumerable<string> Keys => _entries.Keys;

    /// <summary>All values, for a mapping whose keys are free names (parameters, headers): makes all of them known.</summary>
    public IReadOnlyList<YamlValue> All()
    {
        _asked.UnionWith(_entries.Keys);
        return [.. _entries.Values.Select(entry => entry.Value)];
    }

    /// <summary>Records an error at the start of this mapping.</summary>
    /// <param name="message">What was wrong; never a secret.</param>
    public void Error(string message) => _scope.Errors.Add(Location, message);

    /// <summary>Where a key stands, or the mapping's own place when it is absent.</summary>
    /// <param name="key">The key.</param>
    public YamlLocation LocationOf(string key) => _entries.TryGetValue(key, out var entry) ? _scope.Locate(entry.Key) : Location;

    /// <summary>Whether the key is there.</summary>
    /// <param name="key">The key.</param>
    public bool Has(string key)
    {
        _asked.Add(key);
        return _entries.ContainsKey(key);
    }

    /// <summary>The value of a key, or null when it is absent.</summary>
    /// <param name="key">The key.</param>
    public YamlValue? Get(string key)
    {
        _asked.Add(key);
        return _entries.GetValueOrDefault(key).Value;
    }

    /// <summary>The value of a key; absence is an error, and null.</summary>
    /// <param name="key">The key.</param>
    public YamlValue? Require(string key)
    {
        if (Get(key) is { } value)
        {
            return value;
        }

        Error(Name.Length == 0 ? $"'{key}' is missing" : $"'{key}' is missing in '{Name}'");
        return null;
    }

    /// <summary>A text, or null when absent.</summary>
    /// <param name="key">The key.</param>
    public string? GetString(string key) => Get(key)?.AsString();

    /// <summary>A text that must be there; empty after an error.</summary>
    /// <param name="key">The key.</param>
    public string RequireString(string key) => Require(key)?.AsString() ?? "";

    /// <summary>A whole number, or null when absent.</summary>
    /// <param name="key">The key.</param>
    /// <param name="min">Smallest taken.</param>
    /// <param name="max">Largest taken.</param>
    public long? GetInteger(string key, long min = long.MinValue, long max = long.MaxValue) => Get(key)?.AsInteger(min, max);

    /// <summary>A decimal, or null when absent.</summary>
    /// <param name="key">The key.</param>
    public decimal? GetDecimal(string key) => Get(key)?.AsDecimal();

    /// <summary>True or false, or null when absent.</summary>
    /// <param name="key">The key.</param>
    public bool? GetBoolean(string key) => Get(key)?.AsBoolean();

    /// <summary>A time in UTC, or null when absent.</summary>
    /// <param name="key">The key.</param>
    public DateTimeOffset? GetTime(string key) => Get(key)?.AsTime();

    /// <summary>A duration, or null when absent.</summary>
    /// <param name="key">The key.</param>
    public TimeSpan? GetDuration(string key) => Get(key)?.AsDuration();

    /// <summary>A mapping, or null when absent.</summary>
    /// <param name="key">The key.</param>
    public YamlMap? GetMap(string key) => Get(key)?.AsMap();

    /// <summary>The items of a list; empty when absent.</summary>
    /// <param name="key">The key.</param>
    public IReadOnlyList<YamlValue> GetList(string key) => Get(key)?.AsList() ?? [];

    /// <summary>The mappings of a list; empty when absent. Items that are none are errors.</summary>
    /// <param name="key">The key.</param>
    public IReadOnlyList<YamlMap> GetMaps(string key) => [.. GetList(key).Select(item => item.AsMap()).OfType<YamlMap>()];

    /// <summary>The texts of a list; empty when absent. Items that are none are errors.</summary>
    /// <param name="key">The key.</param>
    public IReadOnlyList<string> GetStrings(string key) => [.. GetList(key).Select(item => item.AsString()).OfType<string>()];

    /// <summary>One word out of a fixed set, or the default when absent.</summary>
    /// <typeparam name="T">What the words stand for.</typeparam>
    /// <param name="key">The key.</param>
    /// <param name="words">The words and what they stand for.</param>
    /// <param name="absent">The value when the key is absent or wrong.</param>
    public T GetOneOf<T>(string key, IReadOnlyList<(string Word, T Value)> words, T absent) =>
        Get(key) is { } value && value.TryOneOf(words, out var found) ? found : absent;

    /// <summary>One word out of a fixed set, which must be there; the default of the type after an error.</summary>
    /// <typeparam name="T">What the words stand for.</typeparam>
    /// <param name="key">The key.</param>
    /// <param name="words">The words and what they stand for.</param>
    public T RequireOneOf<T>(string key, IReadOnlyList<(string Word, T Value)> words) =>
        Require(key) is { } value && value.TryOneOf(words, out var found) ? found : default!;

    internal void ReportUnknownKeys()
    {
        foreach (var (key, (node, _)) in _entries)
        {
            if (!_asked.Contains(key))
            {
                _scope.Errors.Add(_scope.Locate(node), $"unknown key '{key}'{YamlSuggestion.Hint(key, _asked)}");
            }
        }
    }
}
