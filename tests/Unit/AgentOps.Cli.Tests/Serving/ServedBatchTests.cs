using System.Text;
using System.Text.Json;
using AgentOps.Cli.Serving;
using AgentOps.Engine.Providers;

namespace AgentOps.Cli.Tests.Serving;

/// <summary>Batches that the server keeps: each comes to an end, and stays what it is then.</summary>
public sealed class ServedBatchTests
{
    [Fact]
    public async Task A_provider_that_breaks_fails_its_request_and_not_the_batch()
    {
        using var body = JsonDocument.Parse("""{"model":"m","messages":[{"role":"user","content":"?"}]}""");

        var (answer, fault) = await BatchAnswering.AnswerAsync(ServedSource.Of(new BrokenProvider()), new OpenAIServed(), body.RootElement, default);

        Assert.Null(answer);
        Assert.Equal((FaultKind.ServerError, "The server failed: it broke"), (fault!.Kind, fault.Detail));
    }

    [Fact]
    public async Task A_batch_that_has_ended_is_not_stopped_any_more()
    {
        await using var server = await BatchTesting.StartAsync("""[{"say":"yes","repeat":true}]""");
        using var http = new HttpClient { BaseAddress = new Uri(server.Address) };
        using var file = new MultipartFormDataContent { { new StringContent("batch"), "purpose" }, { new StringContent("""{"custom_id":"a","method":"POST","url":"/v1/chat/completions","body":{"model":"m","messages":[{"role":"user","content":"?"}]}}"""), "file", "f.jsonl" } };
        var input = await TextAsync(await http.PostAsync("/v1/files", file), "id");
        using var batch = new StringContent($$"""{"input_file_id":"{{input}}","endpoint":"/v1/chat/completions","completion_window":"24h"}""", Encoding.UTF8, "application/json");
        var path = $"/v1/batches/{await TextAsync(await http.PostAsync("/v1/batches", batch), "id")}";
        for (var tries = 0; tries < 1000 && await TextAsync(await http.GetAsync(path), "status") != "completed"; tries++)
        {
            await Task.Yield();
        }

        Assert.Equal("completed", await TextAsync(await http.PostAsync(path + "/cancel", null), "status"));
    }

    private static async Task<string?> TextAsync(HttpResponseMessage response, string name)
    {
        using var document = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        return document.RootElement.GetProperty(name).GetString();
    }

    private sealed class BrokenProvider : IModelProvider
    {
        public string Name => "broken";

        public string Kind => "broken";

        public IAsyncEnumerable<ModelEvent> StreamAsync(ModelRequest request, CancellationToken ct) => throw new InvalidOperationException("it broke");
    }
}
