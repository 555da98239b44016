using System.Net.Http.Headers;
using AgentOps.Engine.Errors;
using AgentOps.Engine.Providers.Http;
using AgentOps.Engine.Providers.OpenAI;

namespace AgentOps.Engine.Providers.AzureOpenAI;

/// <summary>
/// Chat Completions on Azure: the model is a deployment in the path. The credential is a key, or with <c>auth: entra</c> in
/// the options an access token that the secret resolver renews.
/// </summary>
internal sealed class AzureOpenAIProtocol : IWireProtocol
{
    private const string DefaultVersion = "2024-10-21";

    private readonly OpenAIRequestWriter _writer = new(newLimit: true);
    private readonly string _root;
    private readonly string _version;
    private readonly bool _entra;

    public AzureOpenAIProtocol(ProviderDefinition definition)
    {
        _root = RootOf(definition);
        _version = VersionOf(definition);
        _entra = IsEntra(definition);
    }

    public string Kind => ProviderKinds.AzureOpenAI;

    /// <summary>The resource's address, without a slash at its end.</summary>
    /// <exception cref="AgentOpsException">The provider names none.</exception>
    public static string RootOf(ProviderDefinition definition) => (definition.Uri ?? throw new AgentOpsException(ErrorCodes.ProviderInvalid,
        $"The provider '{definition.Name}' of kind azure-openai needs the resource's address as its 'uri'.", definition.Name))
        .AbsoluteUri.TrimEnd('/');

    public static string VersionOf(ProviderDefinition definition) => definition.Option("apiVersion") ?? DefaultVersion;

    public static bool IsEntra(ProviderDefinition definition) => definition.Option("auth") == "entra";

    /// <summary>Puts a key or an access token on a call.</summary>
    public static void Authorize(HttpRequestMessage message, string secret, bool entra)
    {
        if (entra)
        {
            message.Headers.Authorization = new AuthenticationHeaderValue("Bearer", secret);
        }
        else
        {
            message.Headers.TryAddWithoutValidation("api-key", secret);
        }
    }

    public HttpRequestMessage Write(ModelRequest request, string? secret)
    {
        var address = $"{_root}/openai/deployments/{Uri.EscapeDataString(request.Model)}/chat/completions?api-version={Uri.EscapeDataString(_version)}";
        var message = new HttpRequestMessage(HttpMethod.Post, address)
        {
            Content = JsonBody.Create(json => _writer.Write(json, request)),
        };
        if (secret is not null)
        {
            Authorize(message, secret, _entra);
        }

        return message;
    }

    public IAsyncEnumerable<ModelEvent> ReadAsync(Stream body, ModelRequest request, CancellationToken ct) => request.Stream
        ? OpenAIProtocol.ReadStreamAsync(body, request, ct)
        : OpenAIProtocol.ReadWholeAsync(body, request, ct);

    public ProviderFault ReadFault(FailedResponse response) => OpenAIFaults.Read(response);
}
