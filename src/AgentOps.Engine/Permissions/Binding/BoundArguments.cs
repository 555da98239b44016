using System.Text.Json.Nodes;

namespace AgentOps.Engine.Permissions;

/// <summary>
/// The arguments of one call after binding: canonical names, coerced once, frozen. Names are found case-insensitively
/// and kept in the casing of the tool. Two with the same names and values are equal and have the same digest.
/// </summary>
public sealed class BoundArguments : IEquatable<BoundArguments>
{
    private readonly string[] _names;
    private readonly ArgumentValue[] _values;
    private string? _digest;

    /// <summary>Freezes arguments under canonical names.</summary>
    /// <param name="arguments">Names (differing by more than case) and values.</param>
    /// <exception cref="ArgumentException">Two names are the same but for case.</exception>
    public BoundArguments(IEnumerable<KeyValuePair<string, ArgumentValue>> arguments)
    {
        var ordered = arguments.OrderBy(pair => pair.Key, StringComparer.OrdinalIgnoreCase).ToArray();
        _names = [.. ordered.Select(pair => pair.Key)];
        _values = [.. ordered.Select(pair => pair.Value)];
        for (var i = 1; i < _names.Length; i++)
        {
            if (string.Equals(_names[i - 1], _names[i], StringComparison.OrdinalIgnoreCase))
            {
                throw new ArgumentException($"The argument '{_names[i]}' is given twice.", nameof(arguments));
            }
        }
    }

    /// <summary>No arguments.</summary>
    public static BoundArguments Empty { get; } = new([]);

    /// <summary>How many there are.</summary>
    public int Count => _names.Length;

    /// <summary>The names, sorted without regard to case.</summary>
    public ReadOnlySpan<string> Names => _names;

    /// <summary>The values, in the order of <see cref="Names"/>.</summary>
    public ReadOnlySpan<ArgumentValue> Values => _values;

    /// <summary><c>sha256:</c> and 64 hexadecimal digits over names and values.</summary>
    public string Digest => _digest ??= ArgumentDigest.Compute(_names, _values);

    /// <summary>The value of an argument, Null when it is not bound.</summary>
    /// <param name="name">The name, in any casing.</param>
    public ArgumentValue this[string name] => TryGet(name, out var value) ? value : default;

    /// <summary>Finds an argument.</summary>
    /// <param name="name">The name, in any casing.</param>
    /// <param name="value">Its value.</param>
    public bool TryGet(string name, out ArgumentValue value)
    {
        var names = _names;
        for (var i = 0; i < names.Length; i++)
        {
            if (ReferenceEquals(names[i], name) || string.Equals(names[i], name, StringComparison.OrdinalIgnoreCase))
            {
                value = _values[i];
                return true;
            }
        }

        value = default;
        return false;
    }

    /// <summary>An object with decimals and times as text; binding it again gives the same arguments (but for decimals within free JSON, which stay text).</summary>
    public JsonObject ToJson()
    {
        var result = new JsonObject();
        for (var i = 0; i < _names.Length; i++)
        {
            result.Add(_names[i], _values[i].ToJson());
        }

        return result;
    }

    /// <inheritdoc/>
    public bool Equals(BoundArguments? other)
    {
        if (other is null || other._names.Length != _names.Length)
        {
            return false;
        }

        return _names.AsSpan().SequenceEqual(other._names) && _values.AsSpan().SequenceEqual(other._values);
    }

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as BoundArguments);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        for (var i = 0; i < _names.Length; i++)
        {
            hash.Add(_names[i], StringComparer.Ordinal);
            hash.Add(_values[i]);
        }

        return hash.ToHashCode();
    }

    /// <summary>JSON text, for people.</summary>
    public override string ToString() => ToJson().ToJsonString();
}
