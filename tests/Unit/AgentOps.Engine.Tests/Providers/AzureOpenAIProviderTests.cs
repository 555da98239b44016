using AgentOps.Engine.Errors;
using AgentOps.Engine.Providers;
using static AgentOps.Engine.Tests.Providers.ProviderTesting;

namespace AgentOps.Engine.Tests.Providers;

public class AzureOpenAIProviderTests
{
    private const string Hello = """{"id":"r1","model":"gpt-x","choices":[{"index":0,"delta":{"content":"Hello"},"finish_reason":null}]}""";
    private const string Filtered = """{"id":"","model":"","choices":[],"prompt_filter_results":[{"prompt_index":0,"content_filter_results":{"hate":{"filtered":false}}}]}""";

    private readonly AdapterTesting _adapter = new("azure-openai");

    [Theory]
    [InlineData("stop", StopReason.EndTurn)]
    [InlineData("content_filter", StopReason.ContentFilter)]
    public async Task A_first_chunk_of_filter_results_is_no_answer(string finish, StopReason expected)
    {
        var (events, request) = await _adapter.AskAsync(LoopbackServer.Data(
            Filtered, Hello, $$$"""{"choices":[{"index":0,"delta":{},"finish_reason":"{{{finish}}}"}]}""", "[DONE]"));
        Assert.Equal("/openai/deployments/m/chat/completions?api-version=2024-10-21", request.Path);
        Assert.Equal(Canary, request.Headers["api-key"]);
        Assert.Equal(2, events.Count);
        Assert.Equal((expected, "gpt-x", "r1"), (EndOf(events).Reason, EndOf(events).Model, EndOf(events).ResponseId));
    }

    [Fact]
    public async Task An_entra_token_goes_as_a_bearer()
    {
        var (_, request) = await new AdapterTesting("azure-openai", """{"auth":"entra","apiVersion":"v9"}""").AskAsync(
            LoopbackServer.Data(Hello, "[DONE]"));
        Assert.Equal("Bearer " + Canary, request.Headers["Authorization"]);
        Assert.EndsWith("api-version=v9", request.Path, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_filtered_prompt_is_an_http_400()
    {
        var fault = await _adapter.FaultAsync(LoopbackServer.Answer(400,
            """{"error":{"message":"The response was filtered","code":"content_filter","status":400,"innererror":{"code":"ResponsibleAIPolicyViolation"}}}"""));
        Assert.Equal(FaultKind.ContentFiltered, fault.Kind);
    }

    [Fact]
    public async Task Headers_of_minus_one_and_zero_name_no_wait()
    {
        var fault = await _adapter.FaultAsync(LoopbackServer.Answer(429,
            """{"error":{"code":"429","message":"Requests have exceeded token rate limit of your current OpenAI S0 pricing tier."}}""",
            "application/json", "x-ratelimit-remaining-requests: -1", "x-ratelimit-remaining-tokens: 0", "x-ratelimit-reset-tokens: 0"));
        Assert.Equal((FaultKind.RateLimited, null), (fault.Kind, fault.RetryAfter));
    }

    [Fact]
    public void An_address_is_needed()
    {
        using var factory = Factory();
        Assert.Equal(ErrorCodes.ProviderInvalid, Assert.Throws<AgentOpsException>(
            () => factory.Create(new ProviderDefinition { Name = "a", Kind = "azure-openai" })).Code);
    }
}
