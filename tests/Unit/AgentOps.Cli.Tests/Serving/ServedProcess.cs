using System.Text;
using AgentOps.Engine.Invocation;

namespace AgentOps.Cli.Tests.Serving;

/// <summary><c>agentops serve</c> as a process of its own, which answers agents alone on the route <c>chat</c> of a store, and a client of it.</summary>
internal sealed class ServedProcess : IDisposable
{
    private readonly HelperProcess _process;
    private readonly HttpClient _client;

    private ServedProcess(HelperProcess process, string address)
    {
        _process = process;
        _client = new HttpClient { BaseAddress = new Uri(address) };
    }

    public static async Task<ServedProcess> StartAsync(string store)
    {
        var process = HelperProcess.Start("serve", "--store", store, "--route", "chat", "--agents-only", "--port", "0");
        try
        {
            var said = await process.FirstLineAsync();
            Assert.Contains("Serving the route 'chat' on http://", said, StringComparison.Ordinal);
            return new ServedProcess(process, said.Split(' ').Single(word => word.StartsWith("http://", StringComparison.Ordinal)));
        }
        catch
        {
            process.Dispose();
            throw;
        }
    }

    /// <summary>Sends a chat of public data; the answer is given once its headers are there.</summary>
    public Task<HttpResponseMessage> SendAsync(ServedToken token, string text, bool stream = false)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions")
        {
            Content = new StringContent(
                $$"""{"model":"any","messages":[{"role":"user","content":"{{text}}"}],"max_tokens":50,"stream":{{(stream ? "true" : "false")}}}""", Encoding.UTF8, "application/json"),
        };
        request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + token.Text);
        request.Headers.TryAddWithoutValidation(ServedAgent.Internal.Name, ServedAgent.Internal.Value);
        return _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    /// <summary>Ends it with no chance to settle anything.</summary>
    public void Kill() => _process.Kill();

    public void Dispose()
    {
        _client.Dispose();
        _process.Dispose();
    }
}
