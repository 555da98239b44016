using System.Globalization;

namespace AgentOps.Engine.Providers.Gemini;

/// <summary>
/// From Gemini 3 on the first call of each step of the present turn must have a signature, or the request is refused. A call that
/// another model proposed has none; for these the vendor names a value that stands for it
/// (https://ai.google.dev/gemini-api/docs/thought-signatures, https://docs.cloud.google.com/vertex-ai/generative-ai/docs/thought-signatures).
/// </summary>
internal static class ThoughtSignatures
{
    /// <summary>The value of those two that both of the vendor's services take.</summary>
    public const string Substitute = "skip_thought_signature_validator";

    private const string Family = "gemini-";
    private const int FirstStrict = 3;

    /// <summary>The request with what its model demands.</summary>
    public static ModelRequest Complete(ModelRequest request)
    {
        if (!IsStrict(request.Model))
        {
            return request;
        }

        var messages = request.Messages.ToArray();
        for (var i = messages.Length - 1; i >= 0 && messages[i].Role != MessageRole.User; i--)
        {
            if (messages[i].Role == MessageRole.Assistant)
            {
                messages[i] = Complete(messages[i]);
            }
        }

        return request with { Messages = messages };
    }

    private static Message Complete(Message message)
    {
        var parts = message.Parts.ToArray();
        var first = Array.FindIndex(parts, part => part is ToolCallPart);
        if (first < 0 || parts[first].Signature is not null)
        {
            return message;
        }

        parts[first] = parts[first] with { Signature = Substitute };
        return message with { Parts = parts };
    }

    private static bool IsStrict(string model)
    {
        var start = model.IndexOf(Family, StringComparison.OrdinalIgnoreCase);
        if (start < 0)
        {
            return false;
        }

        var rest = model.AsSpan(start + Family.Length);
        var digits = rest.IndexOfAnyExceptInRange('0', '9') is var end && end >= 0 ? rest[..end] : rest;
        return int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var version) && version >= FirstStrict;
    }
}
