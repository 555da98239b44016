namespace AgentOps.Engine.Providers;

/// <summary>The kinds of providers.</summary>
public static class ProviderKinds
{
    /// <summary>In process, scripted.</summary>
    public const string Simulated = "simulated";

    /// <summary>Recorded exchanges.</summary>
    public const string Replay = "replay";

    /// <summary>OpenAI's Chat Completions, and every server compatible with it.</summary>
    public const string OpenAI = "openai";

    /// <summary>Chat Completions on Azure.</summary>
    public const string AzureOpenAI = "azure-openai";

    /// <summary>Anthropic's Messages.</summary>
    public const string Anthropic = "anthropic";

    /// <summary>Amazon Bedrock's Converse and ConverseStream.</summary>
    public const string Bedrock = "bedrock";

    /// <summary>Google's generateContent and streamGenerateContent.</summary>
    public const string Gemini = "gemini";

    /// <summary>All of them, in the order of the documentation.</summary>
    public static IReadOnlyList<string> All { get; } = [OpenAI, AzureOpenAI, Anthropic, Bedrock, Gemini, Simulated, Replay];
}
