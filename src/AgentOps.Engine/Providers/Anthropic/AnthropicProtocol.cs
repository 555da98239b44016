using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using AgentOps.Engine.Providers.Http;

namespace AgentOps.Engine.Providers.Anthropic;

/// <summary>Anthropic's Messages.</summary>
internal sealed class AnthropicProtocol : IWireProtocol
{
    private const string Version = "2023-06-01";
    private const int DefaultMaximum = 8192;

    private readonly Uri _address;
    private readonly AnthropicRequestWriter _writer;

    public AnthropicProtocol(ProviderDefinition definition)
    {
        _address = AddressOf(definition);
        _writer = WriterOf(definition);
    }

    public string Kind => ProviderKinds.Anthropic;

    /// <summary>The address of Messages.</summary>
    public static Uri AddressOf(ProviderDefinition definition)
    {
        var root = (definition.Uri?.AbsoluteUri ?? "https://api.anthropic.com").TrimEnd('/');
        return new Uri(root.EndsWith("/v1", StringComparison.Ordinal) ? root + "/messages" : root + "/v1/messages");
    }

    public static AnthropicRequestWriter WriterOf(ProviderDefinition definition) =>
        new((int)(definition.OptionNumber("maxOutputTokens") ?? DefaultMaximum));

    /// <summary>Adds the protocol's version and the key.</summary>
    public static void Authorize(HttpRequestMessage message, string? secret)
    {
        message.Headers.TryAddWithoutValidation("anthropic-version", Version);
        if (secret is not null)
        {
            message.Headers.TryAddWithoutValidation("x-api-key", secret);
        }
    }

    public HttpRequestMessage Write(ModelRequest request, string? secret)
    {
        var message = new HttpRequestMessage(HttpMethod.Post, _address)
        {
            Content = JsonBody.Create(json => _writer.Write(json, request)),
        };
        Authorize(message, secret);
        return message;
    }

    public async IAsyncEnumerable<ModelEvent> ReadAsync(
        Stream body, ModelRequest request, [EnumeratorCancellation] CancellationToken ct)
    {
        var answer = new AnthropicStreamReader(request);
        if (!request.Stream)
        {
            using var document = await JsonDocument.ParseAsync(body, default, ct).ConfigureAwait(false);
            foreach (var modelEvent in answer.ReadWhole(document.RootElement))
            {
                yield return modelEvent;
            }

            yield break;
        }

        var events = SseParser.Create(body, static (_, data) => ServerSentJson.Parse(data));
        await foreach (var item in events.EnumerateAsync(ct).ConfigureAwait(false))
        {
            if (item.Data is { } data && answer.Read(data) is { } modelEvent)
            {
                yield return modelEvent;
            }

            if (answer.IsOver)
            {
                break;
            }
        }

        yield return answer.Complete();
    }

    public ProviderFault ReadFault(FailedResponse response) => AnthropicFaults.Read(response);
}
