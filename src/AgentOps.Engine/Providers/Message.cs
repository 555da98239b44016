using System.Text.Json;
using System.Text.Json.Nodes;

namespace AgentOps.Engine.Providers;

/// <summary>One message of a conversation, in no vendor's form.</summary>
/// <param name="Role">Who speaks.</param>
/// <param name="Parts">What is said, in order.</param>
public sealed record Message(MessageRole Role, IReadOnlyList<MessagePart> Parts)
{
    /// <summary>All text parts, joined.</summary>
    public string TextContent => Parts is [TextPart only]
        ? only.Text
        : string.Concat(Parts.OfType<TextPart>().Select(part => part.Text));

    /// <summary>Whether a part has a vendor's signature.</summary>
    public bool IsSigned
    {
        get
        {
            foreach (var part in Parts)
            {
                if (part.Signature is not null)
                {
                    return true;
                }
            }

            return false;
        }
    }

    /// <summary>The same message with other signatures.</summary>
    /// <param name="sign">Gives the signature in place of each that there is; null for none.</param>
    public Message Sign(Func<string, string?> sign)
    {
        ArgumentNullException.ThrowIfNull(sign);
        return this with { Parts = [.. Parts.Select(part => part.Signature is { } signature ? part with { Signature = sign(signature) } : part)] };
    }

    /// <summary>A message of one text part.</summary>
    public static Message Text(MessageRole role, string text) => new(role, [new TextPart(text)]);

    /// <summary>The JSON form, which <see cref="FromJson"/> reads back without loss.</summary>
    public JsonObject ToJson() => MessageJson.Write(this);

    /// <summary>Reads <see cref="ToJson"/>'s form.</summary>
    /// <exception cref="Errors.AgentOpsException">The element isn't a message.</exception>
    public static Message FromJson(JsonElement element) => MessageJson.Read(element);

    /// <inheritdoc/>
    public bool Equals(Message? other) => other is not null && Role == other.Role && Parts.SequenceEqual(other.Parts);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.Add(Role);
        foreach (var part in Parts)
        {
            hash.Add(part);
        }

        return hash.ToHashCode();
    }
}
