namespace AgentOps.Cli.Serving;

/// <summary>Finds the protocol by the path.</summary>
internal static class ServedProtocols
{
    public static readonly OpenAIServed OpenAI = new();
    private static readonly AnthropicServed Anthropic = new();
    private static readonly GeminiServed Gemini = new();
    private static readonly BedrockServed Bedrock = new();

    /// <summary>The protocol, the model that the path names, and whether the path asks for a stream.</summary>
    public static (IServedProtocol Protocol, string? Model, bool? Stream)? Find(string method, string path)
    {
        if (method != "POST")
        {
            return null;
        }

        if (path.EndsWith("/chat/completions", StringComparison.Ordinal))
        {
            var parts = path.Split('/');
            var deployment = Array.IndexOf(parts, "deployments");
            return (OpenAI, deployment >= 0 ? Uri.UnescapeDataString(parts[deployment + 1]) : null, null);
        }

        if (path.EndsWith("/messages", StringComparison.Ordinal))
        {
            return (Anthropic, null, null);
        }

        var last = path[(path.LastIndexOf('/') + 1)..];
        var colon = last.LastIndexOf(':');
        if (colon > 0 && last[(colon + 1)..] is "generateContent" or "streamGenerateContent")
        {
            return (Gemini, Uri.UnescapeDataString(last[..colon]), last.EndsWith(":streamGenerateContent", StringComparison.Ordinal));
        }

        const string ModelPrefix = "/model/";
        return path.StartsWith(ModelPrefix, StringComparison.Ordinal) && last is "converse" or "converse-stream"
            ? (Bedrock, Uri.UnescapeDataString(path[ModelPrefix.Length..^(last.Length + 1)]), last == "converse-stream")
            : null;
    }
}
