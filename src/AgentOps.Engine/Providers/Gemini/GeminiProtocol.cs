using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using AgentOps.Engine.Providers.Http;

namespace AgentOps.Engine.Providers.Gemini;

/// <summary>Google's generateContent and streamGenerateContent.</summary>
internal sealed class GeminiProtocol : IWireProtocol
{
    private readonly string _root;

    public GeminiProtocol(ProviderDefinition definition)
    {
        _root = RootOf(definition);
    }

    public string Kind => ProviderKinds.Gemini;

    /// <summary>The base address with the version, without a slash at its end.</summary>
    public static string RootOf(ProviderDefinition definition)
    {
        var address = (definition.Uri?.AbsoluteUri ?? "https://generativelanguage.googleapis.com").TrimEnd('/');
        return address.EndsWith("/v1beta", StringComparison.Ordinal) || address.EndsWith("/v1", StringComparison.Ordinal) ? address : address + "/v1beta";
    }

    /// <summary>The address of an operation of a model.</summary>
    public static string AddressOf(string root, string model, string operation) =>
        $"{root}/models/{Uri.EscapeDataString(model.StartsWith("models/", StringComparison.Ordinal) ? model[7..] : model)}:{operation}";

    public HttpRequestMessage Write(ModelRequest request, string? secret)
    {
        var operation = request.Stream ? "streamGenerateContent?alt=sse" : "generateContent";
        var message = new HttpRequestMessage(HttpMethod.Post, AddressOf(_root, request.Model, operation))
        {
            Content = JsonBody.Create(json => GeminiRequestWriter.Write(json, request)),
        };
        if (secret is not null)
        {
            message.Headers.TryAddWithoutValidation("x-goog-api-key", secret);
        }

        return message;
    }

    public async IAsyncEnumerable<ModelEvent> ReadAsync(
        Stream body, ModelRequest request, [EnumeratorCancellation] CancellationToken ct)
    {
        var answer = new GeminiStreamReader(request);
        if (!request.Stream)
        {
            using var document = await JsonDocument.ParseAsync(body, default, ct).ConfigureAwait(false);
            foreach (var modelEvent in answer.Read(document.RootElement))
            {
                yield return modelEvent;
            }
        }
        else
        {
            // No [DONE]: the stream just ends.
            var events = SseParser.Create(body, static (_, data) => ServerSentJson.Parse(data));
            await foreach (var item in events.EnumerateAsync(ct).ConfigureAwait(false))
            {
                if (item.Data is not { } chunk)
                {
                    continue;
                }

                foreach (var modelEvent in answer.Read(chunk))
                {
                    yield return modelEvent;
                }
            }
        }

        yield return answer.Complete();
    }

    public ProviderFault ReadFault(FailedResponse response) => GeminiFaults.Read(response);
}
