using System.Text.Json.Nodes;
using AgentOps.Engine.Configuration;

namespace AgentOps.Engine.Permissions;

/// <summary>
/// One frozen value: what was matched is what is executed. Numbers are exact, times are UTC, texts compare ordinal.
/// The default is Null.
/// </summary>
public readonly struct ArgumentValue : IEquatable<ArgumentValue>
{
    private readonly object? _reference;
    private readonly decimal _number;

    private ArgumentValue(ArgumentValueKind kind, decimal number, object? reference)
    {
        Kind = kind;
        _number = number;
        _reference = reference;
    }

    /// <summary>Nothing.</summary>
    public static ArgumentValue Null => default;

    /// <summary>What it holds.</summary>
    public ArgumentValueKind Kind { get; }

    /// <summary>A text.</summary>
    /// <param name="value">The text.</param>
    public static ArgumentValue From(string value) => new(ArgumentValueKind.String, 0, value ?? throw new ArgumentNullException(nameof(value)));

    /// <summary>A whole number.</summary>
    /// <param name="value">The number.</param>
    public static ArgumentValue From(long value) => new(ArgumentValueKind.Integer, value, null);

    /// <summary>A decimal; 1.0 and 1.00 are the same value.</summary>
    /// <param name="value">The number.</param>
    public static ArgumentValue From(decimal value) => new(ArgumentValueKind.Decimal, value, null);

    /// <summary>True or false.</summary>
    /// <param name="value">The truth value.</param>
    public static ArgumentValue From(bool value) => new(ArgumentValueKind.Boolean, value ? 1 : 0, null);

    /// <summary>A time; kept in UTC.</summary>
    /// <param name="value">The time.</param>
    public static ArgumentValue From(DateTimeOffset value) => new(ArgumentValueKind.Date, value.UtcTicks, null);

    /// <summary>A list; copied.</summary>
    /// <param name="items">The items.</param>
    public static ArgumentValue FromArray(IEnumerable<ArgumentValue> items) => new(ArgumentValueKind.Array, 0, items.ToArray());

    /// <summary>Named values; copied and sorted by name, ordinal.</summary>
    /// <param name="members">The members; names differ.</param>
    public static ArgumentValue FromObject(IEnumerable<KeyValuePair<string, ArgumentValue>> members) =>
        new(ArgumentValueKind.Object, 0, members.OrderBy(member => member.Key, StringComparer.Ordinal).ToArray());

    /// <summary>The text, or null when it is none.</summary>
    public string? AsString() => Kind == ArgumentValueKind.String ? (string)_reference! : null;

    /// <summary>The whole number, or null when it is none.</summary>
    public long? AsInteger() => Kind == ArgumentValueKind.Integer ? (long)_number : null;

    /// <summary>The number, whole or decimal, or null when it is none.</summary>
    public decimal? AsDecimal() => IsNumber ? _number : null;

    /// <summary>The truth value, or null when it is none.</summary>
    public bool? AsBoolean() => Kind == ArgumentValueKind.Boolean ? _number != 0 : null;

    /// <summary>The time in UTC, or null when it is none.</summary>
    public DateTimeOffset? AsDate() => Kind == ArgumentValueKind.Date ? new DateTimeOffset((long)_number, TimeSpan.Zero) : null;

    /// <summary>The items; empty when it is no list.</summary>
    public ReadOnlySpan<ArgumentValue> AsArray() => Kind == ArgumentValueKind.Array ? (ArgumentValue[])_reference! : [];

    /// <summary>The members; empty when there are none.</summary>
    public ReadOnlySpan<KeyValuePair<string, ArgumentValue>> AsObject() =>
        Kind == ArgumentValueKind.Object ? (KeyValuePair<string, ArgumentValue>[])_reference! : [];

    internal bool IsNumber => Kind is ArgumentValueKind.Integer or ArgumentValueKind.Decimal;

    /// <summary>The number behind a number, a truth value or a time (in ticks).</summary>
    internal decimal Number => _number;

    /// <summary>JSON with decimals and times as text; whole numbers of 2^53 and more as text too.</summary>
    public JsonNode? ToJson() => Kind switch
    {
        ArgumentValueKind.String => JsonValue.Create(AsString()),
        ArgumentValueKind.Integer when Math.Abs(_number) >= 1L << 53 => JsonValue.Create(YamlNumbers.Spell(_number)),
        ArgumentValueKind.Integer => JsonValue.Create((long)_number),
        ArgumentValueKind.Decimal => JsonValue.Create(YamlNumbers.Spell(_number)),
        ArgumentValueKind.Boolean => JsonValue.Create(_number != 0),
        ArgumentValueKind.Date => JsonValue.Create(YamlNumbers.Spell(AsDate()!.Value)),
        ArgumentValueKind.Array => ToJsonArray(),
        ArgumentValueKind.Object => ToJsonObject(),
        _ => null,
    };

    /// <inheritdoc/>
    public bool Equals(ArgumentValue other)
    {
        if (Kind != other.Kind || _number != other._number)
        {
            return false;
        }

        return Kind switch
        {
            ArgumentValueKind.String => string.Equals((string)_reference!, (string)other._reference!, StringComparison.Ordinal),
            ArgumentValueKind.Array => AsArray().SequenceEqual(other.AsArray()),
            ArgumentValueKind.Object => SameMembers(AsObject(), other.AsObject()),
            _ => true,
        };
    }

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is ArgumentValue other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.Add(Kind);
        hash.Add(_number);
        switch (Kind)
        {
            case ArgumentValueKind.String:
                hash.Add((string)_reference!, StringComparer.Ordinal);
                break;
            case ArgumentValueKind.Array:
                foreach (var item in AsArray())
                {
                    hash.Add(item);
                }

                break;
            case ArgumentValueKind.Object:
                foreach (var (name, value) in AsObject())
                {
                    hash.Add(name, StringComparer.Ordinal);
                    hash.Add(value);
                }

                break;
        }

        return hash.ToHashCode();
    }

    /// <summary>Whether both hold the same value of the same kind.</summary>
    public static bool operator ==(ArgumentValue left, ArgumentValue right) => left.Equals(right);

    /// <summary>Whether they differ.</summary>
    public static bool operator !=(ArgumentValue left, ArgumentValue right) => !left.Equals(right);

    /// <summary>JSON text, for people.</summary>
    public override string ToString() => ToJson()?.ToJsonString() ?? "null";

    private static bool SameMembers(ReadOnlySpan<KeyValuePair<string, ArgumentValue>> left, ReadOnlySpan<KeyValuePair<string, ArgumentValue>> right)
    {
        if (left.Length != right.Length)
        {
            return false;
        }

        for (var i = 0; i < left.Length; i++)
        {
            if (!string.Equals(left[i].Key, right[i].Key, StringComparison.Ordinal) || !left[i].Value.Equals(right[i].Value))
            {
                return false;
            }
        }

        return true;
    }

    private JsonArray ToJsonArray()
    {
        var array = new JsonArray();
        foreach (var item in AsArray())
        {
            array.Add(item.ToJson());
        }

        return array;
    }

    private JsonObject ToJsonObject()
    {
        var members = new JsonObject();
        foreach (var (name, value) in AsObject())
        {
            members.Add(name, value.ToJson());
        }

        return members;
    }
}
