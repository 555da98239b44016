using System.Text.Json;

namespace AgentOps.Engine.Verification;

/// <summary>A path of member names into JSON, for example <c>offer.price</c>. Names are spelt exactly; it takes no wildcard and no index.</summary>
public sealed record OutputPath
{
    private readonly string[] _members;

    private OutputPath(string text, string[] members)
    {
        Text = text;
        _members = members;
    }

    /// <summary>As it is written.</summary>
    public string Text { get; }

    /// <summary>Reads a path; null when it is none.</summary>
    public static OutputPath? TryParse(string text)
    {
        var members = text.Split('.');
        return members.All(member => member.Length > 0 && member.All(letter => char.IsLetterOrDigit(letter) || letter is '_' or '-' or '$' or '@'))
            ? new OutputPath(text, members)
            : null;
    }

    /// <summary>The value at the path; null when it is absent, or a member on the way is given twice and nobody can say which is meant.</summary>
    public JsonElement? Follow(JsonElement root)
    {
        var element = root;
        foreach (var name in _members)
        {
            if (element.ValueKind != JsonValueKind.Object)
            {
                return null;
            }

            JsonElement? found = null;
            foreach (var member in element.EnumerateObject())
            {
                if (member.NameEquals(name))
                {
                    if (found is not null)
                    {
                        return null;
                    }

                    found = member.Value;
                }
            }

            if (found is not { } next)
            {
                return null;
            }

            element = next;
        }

        return element;
    }

    /// <inheritdoc/>
    public bool Equals(OutputPath? other) => other is not null && string.Equals(Text, other.Text, StringComparison.Ordinal);

    /// <inheritdoc/>
    public override int GetHashCode() => StringComparer.Ordinal.GetHashCode(Text);

    /// <inheritdoc/>
    public override string ToString() => Text;
}
