using AgentOps.Engine.Providers;
using AgentOps.Engine.Workspaces;

namespace AgentOps.Engine.Telemetry;

/// <summary>The value of <c>gen_ai.provider.name</c>: the conventions' word for the vendor, else our own for the kind.</summary>
internal static class ProviderName
{
    public static string? Of(WorkspaceState state, string? provider) => provider is null ? null
        : !state.Providers.TryGetValue(provider, out var definition) ? provider
        : definition.Kind switch
        {
            ProviderKinds.OpenAI => "openai",
            ProviderKinds.AzureOpenAI => "azure.ai.openai",
            ProviderKinds.Anthropic => "anthropic",
            ProviderKinds.Bedrock => "aws.bedrock",
            ProviderKinds.Gemini => "gcp.gemini",
            var kind => kind,
        };
}
