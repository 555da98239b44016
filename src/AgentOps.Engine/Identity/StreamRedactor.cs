namespace AgentOps.Engine.Identity;

/// <summary>Takes secrets out of text that comes in pieces: what may be the beginning of one waits for the next piece.</summary>
/// <param name="redactor">Knows the secrets.</param>
internal sealed class StreamRedactor(SecretRedactor redactor)
{
    private string _held = string.Empty;

    /// <summary>Takes a piece and gives what can be shown by now.</summary>
    public string Push(string piece)
    {
        var text = redactor.Redact(_held + piece);
        var unfinished = redactor.Unfinished(text);
        _held = text[^unfinished..];
        return text[..^unfinished];
    }

    /// <summary>Gives the rest: nothing more comes.</summary>
    public string Flush()
    {
        (var rest, _held) = (_held, string.Empty);
        return rest;
    }
}
