using System.Net.ServerSentEvents;
using System.Text;
using System.Text.Json;

namespace AgentOps.Benchmarks.Areas;

/// <summary>What a program without AgentOps does: one HttpClient, the same request, the answer read as JSON.</summary>
internal sealed class BareClient(Uri uri) : IDisposable
{
    private const string Body = """{"model":"m","messages":[{"role":"user","content":"How full is the disk of the build server, and what may be deleted?"}]""";

    private readonly HttpClient _client = new();
    private readonly Uri _address = new(uri, "/chat/completions");

    public async Task AskAsync()
    {
        using var content = new StringContent(Body + "}", Encoding.UTF8, "application/json");
        using var response = await _client.PostAsync(_address, content);
        await using var stream = await response.Content.ReadAsStreamAsync();
        using var document = await JsonDocument.ParseAsync(stream);
        _ = document.RootElement.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString();
    }

    /// <summary>The time of sending of each delta.</summary>
    public async IAsyncEnumerable<long> StreamAsync()
    {
        using var message = new HttpRequestMessage(HttpMethod.Post, _address)
        {
            Content = new StringContent(Body + ",\"stream\":true}", Encoding.UTF8, "application/json"),
        };
        using var response = await _client.SendAsync(message, HttpCompletionOption.ResponseHeadersRead);
        await using var stream = await response.Content.ReadAsStreamAsync();
        await foreach (var item in SseParser.Create(stream).EnumerateAsync())
        {
            if (item.Data == "[DONE]")
            {
                break;
            }

            using var document = JsonDocument.Parse(item.Data);
            if (document.RootElement.GetProperty("choices")[0].GetProperty("delta").TryGetProperty("content", out var content))
            {
                yield return long.Parse(content.GetString()!, System.Globalization.CultureInfo.InvariantCulture);
            }
        }
    }

    public void Dispose() => _client.Dispose();
}
