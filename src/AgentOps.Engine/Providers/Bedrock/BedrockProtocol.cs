using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using System.Text.Json;
using AgentOps.Engine.Errors;
using AgentOps.Engine.Providers.Http;

namespace AgentOps.Engine.Providers.Bedrock;

/// <summary>
/// Amazon Bedrock's Converse and ConverseStream. The credential is <c>ACCESSKEY:SECRETKEY[:SESSIONTOKEN]</c>, which signs, or a
/// Bedrock API key, which is sent as a bearer token.
/// </summary>
internal sealed class BedrockProtocol : IWireProtocol
{
    private readonly string _root;
    private readonly SignatureV4 _signature;
    private readonly TimeProvider _timeProvider;

    public BedrockProtocol(ProviderDefinition definition, TimeProvider timeProvider)
    {
        _timeProvider = timeProvider;
        var region = RegionOf(definition);
        _root = (definition.Uri?.AbsoluteUri ?? $"https://bedrock-runtime.{region}.amazonaws.com").TrimEnd('/');
        _signature = new SignatureV4(region, "bedrock");
    }

    public string Kind => ProviderKinds.Bedrock;

    /// <summary>The region of the provider's options.</summary>
    /// <exception cref="AgentOpsException">There is none, and the address is the vendor's own.</exception>
    public static string RegionOf(ProviderDefinition definition) => definition.Option("region") ?? (definition.Uri is null
        ? throw new AgentOpsException(ErrorCodes.ProviderInvalid,
            $"The provider '{definition.Name}' of kind bedrock needs a 'region' in its options.", definition.Name)
        : "us-east-1");

    public HttpRequestMessage Write(ModelRequest request, string? secret)
    {
        var operation = request.Stream ? "converse-stream" : "converse";
        var content = JsonBody.Create(json => BedrockRequestWriter.Write(json, request), out var body);
        var message = new HttpRequestMessage(HttpMethod.Post, $"{_root}/model/{Uri.EscapeDataString(request.Model)}/{operation}")
        {
            Content = content,
        };
        if (secret is not null && AwsCredential.Parse(secret) is { } credential)
        {
            _signature.Sign(message, body.Span, credential, _timeProvider.GetUtcNow());
        }
        else if (secret is not null)
        {
            message.Headers.Authorization = new AuthenticationHeaderValue("Bearer", secret);
        }

        return message;
    }

    public async IAsyncEnumerable<ModelEvent> ReadAsync(
        Stream body, ModelRequest request, [EnumeratorCancellation] CancellationToken ct)
    {
        var answer = new BedrockStreamReader(request);
        if (!request.Stream)
        {
            using var document = await JsonDocument.ParseAsync(body, default, ct).ConfigureAwait(false);
            foreach (var modelEvent in answer.ReadWhole(document.RootElement))
            {
                yield return modelEvent;
            }

            yield break;
        }

        // Usage comes in metadata, after messageStop: read to the end.
        while (await EventStreamMessage.ReadAsync(body, ct).ConfigureAwait(false) is { } frame)
        {
            if (answer.Read(frame) is { } modelEvent)
            {
                yield return modelEvent;
            }
        }

        yield return answer.Complete();
    }

    public ProviderFault ReadFault(FailedResponse response) => BedrockFaults.Read(response);
}
