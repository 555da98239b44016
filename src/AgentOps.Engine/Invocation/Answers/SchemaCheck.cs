using System.Globalization;
using System.Text.Json;

namespace AgentOps.Engine.Invocation;

/// <summary>Checks one value against a schema, and says in words for the model what does not fit, the first few places.</summary>
internal sealed class SchemaCheck
{
    private const int MostProblems = 5;

    // A schema that refers to itself without going deeper into the value would never end, or end too late.
    private const int Deepest = 512;
    private const int MostSteps = 200_000;

    private readonly List<string> _problems = [];
    private int _depth;
    private int _steps;
    private int _found;

    /// <summary>What does not fit; empty when all does.</summary>
    public string Problem => _found == 0 ? string.Empty
        : string.Join("; ", _problems) + (_found > _problems.Count ? FormattableString.Invariant($"; and {_found - _problems.Count} more") : string.Empty);

    /// <summary>Checks a value.</summary>
    /// <param name="schema">The schema.</param>
    /// <param name="value">The value.</param>
    /// <param name="at">Where it stands in the answer, as a JSON Pointer.</param>
    public void Check(SchemaNode schema, JsonElement value, string at)
    {
        if (++_depth > Deepest || ++_steps > MostSteps)
        {
            Add(at, "can't be checked: the schema refers to itself too often");
        }
        else if (schema.IsNever)
        {
            Add(at, "is not permitted here");
        }
        else
        {
            CheckHere(schema, value, at);
        }

        _depth--;
    }

    private void CheckHere(SchemaNode schema, JsonElement value, string at)
    {
        if (schema.Reference is { } reference)
        {
            Check(reference, value, at);
        }

        if (schema.Types.Count > 0 && !schema.Types.Any(type => Is(type, value)))
        {
            Add(at, $"is {Name(value)}, not {string.Join(" or ", schema.Types)}");
            return;
        }

        if (schema.Values is { } values && !values.Any(known => JsonElement.DeepEquals(known, value)))
        {
            Add(at, $"is none of {string.Join(", ", values.Select(known => known.GetRawText()))}");
        }

        switch (value.ValueKind)
        {
            case JsonValueKind.Number:
                CheckNumber(schema, value, at);
                break;
            case JsonValueKind.String:
                CheckText(schema, value.GetString()!, at);
                break;
            case JsonValueKind.Array:
                CheckItems(schema, value, at);
                break;
            case JsonValueKind.Object:
                CheckMembers(schema, value, at);
                break;
        }

        CheckBranches(schema, value, at);
    }

    private void CheckNumber(SchemaNode schema, JsonElement value, string at)
    {
        if (!value.TryGetDecimal(out var number))
        {
            if (schema.Minimum is not null || schema.Maximum is not null || schema.AboveMinimum is not null || schema.BelowMaximum is not null || schema.MultipleOf is not null)
            {
                Add(at, "has more digits than can be compared");
            }

            return;
        }

        AddIf(number < schema.Minimum, at, "is below", schema.Minimum);
        AddIf(number > schema.Maximum, at, "is above", schema.Maximum);
        AddIf(number <= schema.AboveMinimum, at, "is not above", schema.AboveMinimum);
        AddIf(number >= schema.BelowMaximum, at, "is not below", schema.BelowMaximum);
        AddIf(schema.MultipleOf is { } step && number % step != 0, at, "is no multiple of", schema.MultipleOf);
    }

    private void CheckText(SchemaNode schema, string text, string at)
    {
        if (schema.MinLength is not null || schema.MaxLength is not null)
        {
            // The standard counts characters of Unicode, not code units.
            var length = text.EnumerateRunes().Count();
            AddIf(length < schema.MinLength, at, "has fewer characters than", schema.MinLength);
            AddIf(length > schema.MaxLength, at, "has more characters than", schema.MaxLength);
        }

        if (schema.Pattern is { } pattern && !pattern.IsMatch(text))
        {
            Add(at, $"does not match the pattern {pattern}");
        }
    }

    private void CheckItems(SchemaNode schema, JsonElement value, string at)
    {
        var count = value.GetArrayLength();
        AddIf(count < schema.MinItems, at, "has fewer items than", schema.MinItems);
        AddIf(count > schema.MaxItems, at, "has more items than", schema.MaxItems);
        for (var i = 0; i < count; i++)
        {
            if ((i < schema.PrefixItems.Count ? schema.PrefixItems[i] : schema.Items) is { } item)
            {
                Check(item, value[i], string.Create(CultureInfo.InvariantCulture, $"{at}/{i}"));
            }

            if (schema.UniqueItems && value.EnumerateArray().Take(i).Any(earlier => JsonElement.DeepEquals(earlier, value[i])))
            {
                Add(string.Create(CultureInfo.InvariantCulture, $"{at}/{i}"), "is there twice");
            }
        }
    }

    private void CheckMembers(SchemaNode schema, JsonElement value, string at)
    {
        var count = 0;
        foreach (var member in value.EnumerateObject())
        {
            count++;
            var place = $"{at}/{member.Name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal)}";
            if (schema.Properties.TryGetValue(member.Name, out var property))
            {
                Check(property, member.Value, place);
            }
            else if (schema.OtherProperties is { } other)
            {
                Check(other, member.Value, place);
            }
        }

        foreach (var name in schema.Required.Where(name => !value.TryGetProperty(name, out _)))
        {
            Add(at, $"lacks '{name}'");
        }

        AddIf(count < schema.MinProperties, at, "has fewer members than", schema.MinProperties);
        AddIf(count > schema.MaxProperties, at, "has more members than", schema.MaxProperties);
    }

    private void CheckBranches(SchemaNode schema, JsonElement value, string at)
    {
        foreach (var part in schema.All)
        {
            Check(part, value, at);
        }

        if (schema.Any.Count > 0 && !schema.Any.Any(part => Fits(part, value, at)))
        {
            Add(at, "fits none of the alternatives under anyOf");
        }

        if (schema.One.Count > 0 && schema.One.Count(part => Fits(part, value, at)) is var fitting and not 1)
        {
            Add(at, string.Create(CultureInfo.InvariantCulture, $"fits {fitting} of the alternatives under oneOf; one is due"));
        }

        if (schema.Not is { } not && Fits(not, value, at))
        {
            Add(at, "fits what is excluded under not");
        }
    }

    private bool Fits(SchemaNode schema, JsonElement value, string at)
    {
        var check = new SchemaCheck { _depth = _depth, _steps = _steps };
        check.Check(schema, value, at);
        _steps = check._steps;
        return check._found == 0;
    }

    private void AddIf(bool? isWrong, string at, string what, decimal? bound)
    {
        if (isWrong == true)
        {
            Add(at, $"{what} {bound?.ToString(CultureInfo.InvariantCulture)}");
        }
    }

    private void Add(string at, string what)
    {
        if (++_found <= MostProblems)
        {
            _problems.Add($"{(at.Length == 0 ? "the answer" : at)} {what}");
        }
    }

    private static bool Is(string type, JsonElement value) => type switch
    {
        "integer" => value.ValueKind == JsonValueKind.Number && value.TryGetDecimal(out var number) && decimal.IsInteger(number),
        "number" => value.ValueKind == JsonValueKind.Number,
        "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        _ => type == Name(value),
    };

    private static string Name(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "object",
        JsonValueKind.Array => "array",
        JsonValueKind.String => "string",
        JsonValueKind.Number => "number",
        JsonValueKind.Null => "null",
        _ => "boolean",
    };
}
