using System.Text;

namespace AgentOps.Engine.Providers;

/// <summary>
/// A local estimate of token counts, for what a provider does not tell. A rule of thumb that needs no vocabulary:
/// four letters or three digits to a token, one for each sign and each ideograph, and a few for each message's frame.
/// Against a tokenizer it is within a quarter on English prose and code.
/// </summary>
public static class TokenEstimate
{
    private const int TokensPerMessage = 4;
    private const int TokensPerImage = 800;

    /// <summary>The tokens of a text.</summary>
    public static long OfText(string text)
    {
        long tokens = 0;
        var letters = 0;
        var digits = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune.IsAscii && Rune.IsDigit(rune))
            {
                digits++;
                continue;
            }

            tokens += (digits + 2) / 3;
            digits = 0;
            if (Rune.IsLetter(rune) && rune.Value < 0x2E80)
            {
                letters++;
                continue;
            }

            // Up to six letters are mostly one token, with the space before it.
            tokens += letters == 0 ? 0 : letters <= 6 ? 1 : (letters + 3) / 4;
            letters = 0;
            if (!Rune.IsWhiteSpace(rune))
            {
                tokens++;
            }
        }

        return tokens + ((digits + 2) / 3) + (letters == 0 ? 0 : letters <= 6 ? 1 : (letters + 3) / 4);
    }

    /// <summary>The tokens of a request's whole prompt, tools included.</summary>
    public static long OfPrompt(ModelRequest request)
    {
        long tokens = 0;
        foreach (var message in request.Messages)
        {
            tokens += TokensPerMessage;
            foreach (var part in message.Parts)
            {
                tokens += OfPart(part);
            }
        }

        foreach (var tool in request.Tools)
        {
            tokens += TokensPerMessage + tool.EstimatedTokens;
        }

        return tokens;
    }

    /// <summary>The tokens of a part.</summary>
    public static long OfPart(MessagePart part) => part switch
    {
        TextPart text => OfText(text.Text),
        ReasoningPart reasoning => OfText(reasoning.Text),
        ToolCallPart call => OfText(call.Name) + OfText(call.ArgumentsJson),
        ToolResultPart result => OfText(result.Content),
        ImagePart => TokensPerImage,
        _ => 0,
    };
}
