using System.Net.Http.Headers;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using AgentOps.Engine.Providers.Http;

namespace AgentOps.Engine.Providers.OpenAI;

/// <summary>OpenAI's Chat Completions, and the servers that are compatible with it.</summary>
internal sealed class OpenAIProtocol : IWireProtocol
{
    private static readonly Uri Vendor = new("https://api.openai.com/v1");

    private readonly Uri _address;
    private readonly OpenAIRequestWriter _writer;

    public OpenAIProtocol(ProviderDefinition definition)
    {
        var root = RootOf(definition);
        _address = new Uri(root + "/chat/completions");
        _writer = WriterOf(root);
    }

    public string Kind => ProviderKinds.OpenAI;

    /// <summary>The base address, without a slash at its end.</summary>
    public static string RootOf(ProviderDefinition definition) => (definition.Uri ?? Vendor).AbsoluteUri.TrimEnd('/');

    /// <summary>Reasoning models refuse the old name of the limit; many compatible servers know no other.</summary>
    public static OpenAIRequestWriter WriterOf(string root) => new(new Uri(root).Host == Vendor.Host);

    public HttpRequestMessage Write(ModelRequest request, string? secret)
    {
        var message = new HttpRequestMessage(HttpMethod.Post, _address)
        {
            Content = JsonBody.Create(json => _writer.Write(json, request)),
        };
        if (secret is not null)
        {
            message.Headers.Authorization = new AuthenticationHeaderValue("Bearer", secret);
        }

        return message;
    }

    public IAsyncEnumerable<ModelEvent> ReadAsync(Stream body, ModelRequest request, CancellationToken ct) =>
        request.Stream ? ReadStreamAsync(body, request, ct) : ReadWholeAsync(body, request, ct);

    public ProviderFault ReadFault(FailedResponse response) => OpenAIFaults.Read(response);

    internal static async IAsyncEnumerable<ModelEvent> ReadStreamAsync(
        Stream body, ModelRequest request, [EnumeratorCancellation] CancellationToken ct)
    {
        var answer = new OpenAIStreamReader(request);
        var events = SseParser.Create(body, static (_, data) => ServerSentJson.Parse(data));
        await foreach (var item in events.EnumerateAsync(ct).ConfigureAwait(false))
        {
            if (item.Data is not { } chunk)
            {
                answer.Done();
                break;
            }

            if (answer.Read(chunk) is { } delta)
            {
                yield return delta;
            }

            while (answer.TryTake(out var further))
            {
                yield return further;
            }
        }

        foreach (var last in answer.Complete())
        {
            yield return last;
        }
    }

    internal static async IAsyncEnumerable<ModelEvent> ReadWholeAsync(
        Stream body, ModelRequest request, [EnumeratorCancellation] CancellationToken ct)
    {
        using var document = await JsonDocument.ParseAsync(body, default, ct).ConfigureAwait(false);
        foreach (var modelEvent in OpenAIAnswer.Read(document.RootElement, request))
        {
            yield return modelEvent;
        }
    }
}
