using System.Net.Http.Headers;
using AgentOps.Engine.Providers.AzureOpenAI;

namespace AgentOps.Engine.Providers.OpenAI;

/// <summary>Where OpenAI's and Azure's batches differ: addresses, the endpoint that requests name, the limit's name, the credential.</summary>
/// <param name="Root">The base address of files and batches.</param>
/// <param name="Query">What every address ends with; empty for nothing.</param>
/// <param name="Endpoint">The endpoint of the requests.</param>
/// <param name="Writer">Writes a request's body.</param>
/// <param name="Authorize">Puts the credential on a call.</param>
internal sealed record OpenAIBatchDialect(string Root, string Query, string Endpoint, OpenAIRequestWriter Writer, Action<HttpRequestMessage, string> Authorize)
{
    /// <summary>OpenAI's own, and that of servers that speak it.</summary>
    public static OpenAIBatchDialect OpenAI(ProviderDefinition definition)
    {
        var root = OpenAIProtocol.RootOf(definition);
        return new OpenAIBatchDialect(root, "", "/v1/chat/completions", OpenAIProtocol.WriterOf(root),
            static (message, secret) => message.Headers.Authorization = new AuthenticationHeaderValue("Bearer", secret));
    }

    /// <summary>
    /// Azure's: a request's model is a deployment, of the type Global Batch or Data Zone Batch. Format:
    /// https://learn.microsoft.com/azure/ai-services/openai/how-to/batch, and
    /// Azure/azure-rest-api-specs, cognitiveservices/data-plane/AzureOpenAI/authoring/stable/2024-10-21.
    /// </summary>
    public static OpenAIBatchDialect Azure(ProviderDefinition definition)
    {
        var entra = AzureOpenAIProtocol.IsEntra(definition);
        return new OpenAIBatchDialect(
            $"{AzureOpenAIProtocol.RootOf(definition)}/openai",
            $"api-version={Uri.EscapeDataString(AzureOpenAIProtocol.VersionOf(definition))}",
            "/chat/completions",
            new OpenAIRequestWriter(newLimit: true),
            (message, secret) => AzureOpenAIProtocol.Authorize(message, secret, entra));
    }

    /// <summary>The address of a path, which may have a query of its own.</summary>
    public string AddressOf(string path) =>
        Query.Length == 0 ? Root + path : $"{Root}{path}{(path.Contains('?', StringComparison.Ordinal) ? '&' : '?')}{Query}";
}
