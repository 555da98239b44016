using AgentOps.Engine.Configuration;
using AgentOps.Engine.Errors;
using AgentOps.Engine.Sessions;
using AgentOps.Engine.Tests.Invocation;
using AgentOps.Engine.Tests.Providers;
using AgentOps.Engine.Tools;
using AgentOps.Engine.Tools.Isolation;

namespace AgentOps.Engine.Tests.Tools;

/// <summary>A server over HTTP that answers, and shows its tools, only to who has its token.</summary>
public sealed class McpCredentialTests
{
    private const string Variable = "AGENTOPS_TEST_MCP_TOKEN";
    private const string Token = "token-5f1c77aa-canary";

    private static readonly Dictionary<string, string> None = [];

    static McpCredentialTests() => Environment.SetEnvironmentVariable(Variable, Token);

    [Theory]
    [InlineData("Authorization", "Bearer " + Token)]
    [InlineData("X-Api-Key", Token)]
    public async Task Its_tools_are_registered_and_called_with_the_secret_which_is_kept_nowhere(string field, string expected)
    {
        using var server = Server(field, expected);
        await using var test = await TestWorkspace.OpenAsync();
        var uri = new Uri(server.Uri, "/mcp");
        var without = await Assert.ThrowsAsync<AgentOpsException>(() => ListAsync(test, uri, None));
        var tool = Assert.Single(await ListAsync(test, uri, new() { [field] = "env:" + Variable }));
        await test.Workspace.Tools.RegisterAsync(tool with { SideEffect = SideEffect.None }, replace: false, CancellationToken.None);
        await test.ImportAsync("- call: {tool: s-one, arguments: {}}\n- say: \"{{tool.s-one}}\"", "- {id: all, effect: permit, resources: ['tool:s-one', 'net:127.0.0.1']}", tools: TestWorkspace.Echo);
        await test.Workspace.Agents.ChangeAsync("a", agent => agent with { Tools = ["s-one"] }, CancellationToken.None);

        var (result, _) = await test.InvokeAsync();
        using var written = new StringWriter();
        ConfigurationWriter.Write(await test.Workspace.GetStateAsync(CancellationToken.None), written);
        var changes = await test.Workspace.Configuration.PlanAsync(ConfigurationSet.Parse(written.ToString(), "written.yaml"), CancellationToken.None);

        Assert.Equal(ErrorCodes.ToolServerUnavailable, without.Code);
        Assert.Equal((SessionStatus.Completed, "it is you"), (result.Status, result.Answer));
        Assert.DoesNotContain(changes, change => change.Kind == "Tool");
        Assert.Contains("env:" + Variable, written.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(Directory.EnumerateFiles(test.Folder, "*", SearchOption.AllDirectories), file => File.ReadAllText(file).Contains(Token, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("https://mcp.example.com/mcp", "Authorization", "a-secret-as-it-is", "is a reference")]
    [InlineData("http://mcp.example.com/mcp", "Authorization", "env:" + Variable, "sent in the clear")]
    [InlineData("https://mcp.example.com/mcp", "Host", "env:" + Variable, "none of HTTP's own")]
    [InlineData("https://mcp.example.com/mcp", "X Key", "env:" + Variable, "none of HTTP's own")]
    [InlineData(null, "Authorization", "env:" + Variable, "in its environment")]
    public async Task What_can_t_be_sent_safely_is_refused_before_anything_is_and_no_secret_is_quoted(string? uri, string field, string secret, string told)
    {
        await using var test = await TestWorkspace.OpenAsync();

        var fault = await Assert.ThrowsAsync<AgentOpsException>(() => test.Workspace.McpCatalog.ListAsync(
            "s", uri is null ? ["true"] : [], None, uri is null ? null : new Uri(uri), false, new Dictionary<string, string> { [field] = secret }, ToolIsolation.Default, CancellationToken.None));

        Assert.Equal(ErrorCodes.ToolInvalid, fault.Code);
        Assert.Contains(told, fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(secret, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_secret_that_is_missing_is_told_before_the_server_is_reached()
    {
        using var server = Server("Authorization", "Bearer " + Token);
        await using var test = await TestWorkspace.OpenAsync();

        var fault = await Assert.ThrowsAsync<AgentOpsException>(() => ListAsync(test, new Uri(server.Uri, "/mcp"), new() { ["Authorization"] = "env:AGENTOPS_TEST_NOT_THERE" }));

        Assert.Equal(ErrorCodes.SecretNotFound, fault.Code);
        Assert.Empty(server.Requests);
    }

    [Theory]
    [InlineData("identity: true, credentials: [{secret: env:X, scheme: bearer}]", "in the same header field, 'Authorization'")]
    [InlineData("credentials: [{secret: env:X}, {secret: env:Y, name: authorization}]", "two credentials in the same header field")]
    [InlineData("credentials: [{secret: env:X, in: query, name: key}]", "sent in a header field")]
    public async Task A_definition_that_can_t_be_kept_is_refused(string settings, string told)
    {
        await using var test = await TestWorkspace.OpenAsync();

        var fault = await Assert.ThrowsAsync<AgentOpsException>(async () => await test.Workspace.Configuration.ImportAsync(
            ConfigurationSet.Parse($"apiVersion: agentops/v1\nkind: Tool\nname: s\nmcp: {{uri: 'https://mcp.example.com/mcp', tool: one, pin: {new string('a', 64)}, {settings}}}", "test.yaml"), CancellationToken.None));

        Assert.Contains(told, fault.Message, StringComparison.Ordinal);
    }

    private static Task<IReadOnlyList<ToolDefinition>> ListAsync(TestWorkspace test, Uri uri, Dictionary<string, string> credentials) =>
        test.Workspace.McpCatalog.ListAsync("s", [], None, uri, true, credentials, ToolIsolation.Default, CancellationToken.None);

    private static LoopbackServer Server(string field, string expected) => new([.. Enumerable.Repeat<Func<LoopbackServer.Received, Stream, CancellationToken, Task>>(
        (request, stream, ct) => request.Headers.TryGetValue(field, out var sent) && sent == expected
            ? LoopbackMcp.Says("it is you")(request, stream, ct)
            : LoopbackServer.Answer(401, "who are you?", "text/plain", $"WWW-Authenticate: Bearer")(request, stream, ct),
        40)]);
}
