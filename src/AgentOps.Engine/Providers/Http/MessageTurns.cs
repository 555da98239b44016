using System.Text.Json;

namespace AgentOps.Engine.Providers.Http;

/// <summary>
/// The messages of vendors whose roles alternate, and to whom all results of one turn go in one message: neighbours of one role are joined.
/// What they refuse is left out: text without a visible character, reasoning without a signature, and a message of which nothing is left.
/// </summary>
/// <param name="list">The vendor's name for the messages.</param>
/// <param name="assistant">Its name for the model's role.</param>
/// <param name="parts">Its name for what a message consists of.</param>
/// <param name="write">Writes a part.</param>
internal sealed class MessageTurns(string list, string assistant, string parts, Action<Utf8JsonWriter, MessagePart> write)
{
    /// <summary>Writes the property with the messages, but for the instructions.</summary>
    public void Write(Utf8JsonWriter json, ModelRequest request)
    {
        json.WriteStartArray(list);
        var open = (string?)null;
        foreach (var message in request.Messages.Where(message => message.Role != MessageRole.System))
        {
            var role = message.Role == MessageRole.Assistant ? assistant : "user";
            foreach (var part in message.Parts.Where(IsSent))
            {
                if (role != open)
                {
                    Close(json, open);
                    json.WriteStartObject();
                    json.WriteString("role", role);
                    json.WriteStartArray(parts);
                    open = role;
                }

                write(json, part);
            }
        }

        Close(json, open);
        json.WriteEndArray();
    }

    private static bool IsSent(MessagePart part) => part switch
    {
        TextPart text => text.Signature is not null || !string.IsNullOrWhiteSpace(text.Text),
        ReasoningPart => part.Signature is not null,
        _ => true,
    };

    private static void Close(Utf8JsonWriter json, string? open)
    {
        if (open is not null)
        {
            json.WriteEndArray();
            json.WriteEndObject();
        }
    }
}
