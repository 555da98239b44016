using System.Diagnostics;
using System.Text;
using System.Text.Json;
using AgentOps.Engine.Configuration;
using AgentOps.Engine.Invocation;
using AgentOps.Engine.Sessions;
using AgentOps.Engine.Tests.Invocation;
using AgentOps.Engine.Tests.Providers;
using AgentOps.Engine.Tests.Tools;
using AgentOps.Engine.Workspaces;

namespace AgentOps.Engine.Tests.Identity;

/// <summary>A tool that is asked to says who calls; a service that knows only the key set can tell, and nobody else learns it.</summary>
public sealed class IdentityTests
{
    private const string Steps = """
        - call: {tool: Fetch, arguments: {}}
        - say: "{{tool.Fetch}}"
        """;

    private const string Permit = "- {id: fetch, effect: permit, resources: ['tool:Fetch', 'net:127.0.0.1', 'net:localhost']}";

    [Fact]
    public async Task A_service_that_knows_the_key_set_can_tell_who_calls_for_whom_and_what_for()
    {
        using var server = new LoopbackServer(LoopbackServer.Answer(200, "ok"));
        await using var test = await OpenAsync(server.Uri);

        var (result, _) = await test.InvokeAsync();

        Assert.Equal(SessionStatus.Completed, result.Status);
        var keys = await test.Workspace.Identities.ExportAsync([], CancellationToken.None);
        var audience = server.Uri.GetLeftPart(UriPartial.Authority);
        var token = Token(server.Requests.Single());
        var (claims, refusal) = TokenVerifier.Verify(token, keys, audience, DateTimeOffset.UtcNow);
        Assert.Null(refusal);
        Assert.Equal(
            (test.Workspace.Ledger.GetCheckpoint().Origin, test.Workspace.OnBehalfOf, "a", result.Session, "tool:Fetch net:127.0.0.1"),
            (Text(claims, "iss"), Text(claims, "sub"), Text(claims, "client_id"), Text(claims, "session"), Text(claims, "scope")));
        Assert.Equal("""{"sub":"agent:a"}""", claims!.Value.GetProperty("act").GetRawText());
        Assert.InRange(claims.Value.GetProperty("exp").GetInt64() - claims.Value.GetProperty("iat").GetInt64(), 1, 15 * 60);

        var now = DateTimeOffset.UtcNow;
        Assert.Equal("audience", TokenVerifier.Verify(token, keys, "https://other.example", now).Refusal);
        Assert.Equal("time", TokenVerifier.Verify(token, keys, audience, now + TimeSpan.FromMinutes(11)).Refusal);
        Assert.Equal("time", TokenVerifier.Verify(token, keys, audience, now - TimeSpan.FromMinutes(1)).Refusal);
        var parts = token.Split('.');
        var widened = Encoding.UTF8.GetString(System.Buffers.Text.Base64Url.DecodeFromChars(parts[1])).Replace("tool:Fetch", "tool:Other", StringComparison.Ordinal);
        Assert.Equal("signature", TokenVerifier.Verify($"{parts[0]}.{System.Buffers.Text.Base64Url.EncodeToString(Encoding.UTF8.GetBytes(widened))}.{parts[2]}", keys, audience, now).Refusal);
    }

    [JoseFact]
    public async Task The_package_jose_verifies_it_and_refuses_what_is_wrong()
    {
        using var server = new LoopbackServer(LoopbackServer.Answer(200, "ok"));
        await using var test = await OpenAsync(server.Uri, "audience: https://orders.example");
        await test.InvokeAsync();
        var keys = Path.Combine(test.Outside, "keys.json");
        await File.WriteAllTextAsync(keys, await test.Workspace.Identities.ExportAsync(["A"], CancellationToken.None));
        var token = Token(server.Requests.Single());
        var issuer = test.Workspace.Ledger.GetCheckpoint().Origin;

        var good = await JoseAsync(keys, token, issuer, "https://orders.example");
        Assert.Equal("agent:a", good.GetProperty("payload").GetProperty("act").GetProperty("sub").GetString());

        var parts = token.Split('.');
        Assert.Equal("ERR_JWS_SIGNATURE_VERIFICATION_FAILED", await RefusedAsync($"{parts[0]}.{parts[1]}.{Flip(parts[2])}", issuer, "https://orders.example"));
        Assert.Equal("ERR_JWT_CLAIM_VALIDATION_FAILED", await RefusedAsync(token, issuer, "https://other.example"));
        Assert.Equal("ERR_JWT_CLAIM_VALIDATION_FAILED", await RefusedAsync(token, "agentops/another", "https://orders.example"));
        Assert.Equal("ERR_JWT_EXPIRED", await RefusedAsync(token, issuer, "https://orders.example", DateTimeOffset.UtcNow.AddMinutes(11).ToString("o")));

        async Task<string?> RefusedAsync(params string[] arguments) => (await JoseAsync([keys, .. arguments])).GetProperty("refused").GetString();
    }

    [Fact]
    public async Task The_token_comes_out_nowhere_however_the_server_repeats_it()
    {
        using var server = new LoopbackServer(async (request, stream, ct) =>
        {
            var token = Token(request);
            var body = $"{token} {JsonSerializer.Serialize(new { token })} {Convert.ToBase64String(Encoding.UTF8.GetBytes(token))} {Uri.EscapeDataString(token)}";
            await LoopbackServer.Answer(200, body)(request, stream, ct);
        });
        await using var test = await OpenAsync(server.Uri);

        var (result, events) = await test.InvokeAsync();

        var secret = Token(server.Requests.Single());
        var said = new StringBuilder(result.Answer).AppendJoin('\n', events);
        foreach (var file in Directory.EnumerateFiles(test.Folder, "*", SearchOption.AllDirectories))
        {
            said.Append(Encoding.UTF8.GetString(await File.ReadAllBytesAsync(file)));
        }

        Assert.Contains("[redacted]", result.Answer, StringComparison.Ordinal);
        Assert.DoesNotContain(secret.Split('.')[2], said.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(Convert.ToBase64String(Encoding.UTF8.GetBytes(secret))[..60], said.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_redirect_to_another_place_is_followed_without_the_token()
    {
        using var other = new LoopbackServer(LoopbackServer.Answer(200, "there"));
        using var server = new LoopbackServer(
            LoopbackServer.Answer(302, "", "text/plain", "Location: /next"),
            LoopbackServer.Answer(302, "", "text/plain", $"Location: {other.Uri}"));
        await using var test = await OpenAsync(server.Uri);

        var (result, _) = await test.InvokeAsync();

        Assert.Equal("there", result.Answer);
        Assert.Equal(2, server.Requests.Select(Token).Count(token => token.Length > 0));
        Assert.DoesNotContain("Authorization", other.Requests.Single().Headers.Keys);
    }

    [Fact]
    public async Task Without_the_host_granted_or_asked_for_no_token_is_made()
    {
        using var server = new LoopbackServer(LoopbackServer.Answer(200, "ok"));
        await using var test = await OpenAsync(server.Uri, permit: "- {id: fetch, effect: permit, resources: ['tool:Fetch']}");
        await test.InvokeAsync();
        Assert.Empty(server.Requests);
        await using var silent = await OpenAsync(server.Uri, identity: false);
        await silent.InvokeAsync();
        Assert.DoesNotContain("Authorization", server.Requests.Single().Headers.Keys);
        Assert.DoesNotContain(await test.AuditAsync(), record => record.Type == EventTypes.AgentKeyAdded);
        Assert.DoesNotContain(await silent.AuditAsync(), record => record.Type == EventTypes.AgentKeyAdded);
    }

    [Fact]
    public async Task An_agent_that_is_suspended_meanwhile_gets_no_token_and_its_keys_are_no_longer_vouched_for()
    {
        TestWorkspace? running = null;
        using var server = new LoopbackServer(async (request, stream, ct) =>
        {
            await running!.Workspace.Agents.SuspendAsync("a", null, ct);
            await LoopbackServer.Answer(302, "", "text/plain", "Location: /next")(request, stream, ct);
        });
        await using var test = running = await OpenAsync(server.Uri);

        var (result, _) = await test.InvokeAsync();

        Assert.Equal(SessionStatus.Stopped, result.Status);
        Assert.Single(server.Requests);
        Assert.Equal(0, KeyCount(await test.Workspace.Identities.ExportAsync([], CancellationToken.None)));
        await test.Workspace.Agents.ResumeAsync("a", null, CancellationToken.None);
        Assert.Equal(1, KeyCount(await test.Workspace.Identities.ExportAsync([], CancellationToken.None)));
        await test.Workspace.Agents.RemoveAsync("a", CancellationToken.None);
        Assert.Equal(0, KeyCount(await test.Workspace.Identities.ExportAsync([], CancellationToken.None)));
    }

    [Fact]
    public async Task A_delegates_token_names_the_whole_chain()
    {
        using var server = new LoopbackServer(LoopbackServer.Answer(200, "ok"));
        await using var test = await OpenAsync(server.Uri);
        await test.Workspace.Configuration.ImportAsync(ConfigurationSet.Parse(
            """
            apiVersion: agentops/v1
            kind: Tool
            name: Ask-A
            agent: {name: a}
            parameters: {Prompt: {type: string, mandatory: true}}
            sideEffect: none
            ---
            apiVersion: agentops/v1
            kind: Provider
            name: second
            protocol: simulated
            options: {scenario: {steps: [{call: {tool: Ask-A, arguments: {Prompt: go}}}, {say: done}]}}
            ---
            apiVersion: agentops/v1
            kind: Route
            name: second
            targets: [{provider: second, model: m}]
            ---
            apiVersion: agentops/v1
            kind: Agent
            name: front
            route: second
            tools: [Ask-A]
            ---
            apiVersion: agentops/v1
            kind: AgentPolicy
            name: front
            subjects: {agents: [front]}
            rules:
            - {id: all, effect: permit, resources: ['tool:Ask-A', 'agent:a', 'tool:Fetch', 'net:127.0.0.1']}
            """,
            "front.yaml"), CancellationToken.None);

        await test.InvokeAsync(new InvocationRequest { Agent = "front", Prompt = "go" });

        var keys = await test.Workspace.Identities.ExportAsync([], CancellationToken.None);
        var (claims, refusal) = TokenVerifier.Verify(Token(server.Requests.Single()), keys, server.Uri.GetLeftPart(UriPartial.Authority), DateTimeOffset.UtcNow);
        Assert.Null(refusal);
        Assert.Equal("""{"sub":"agent:a","act":{"sub":"agent:front"}}""", claims!.Value.GetProperty("act").GetRawText());
    }

    [Fact]
    public async Task A_server_of_the_model_context_protocol_is_told_for_each_request()
    {
        using var server = new LoopbackServer([.. Enumerable.Repeat(LoopbackMcp.Says("it is me"), 20)]);
        await using var test = await TestWorkspace.OpenAsync();
        var uri = new Uri(server.Uri, "/mcp");
        var listed = await test.Workspace.McpCatalog.ListAsync("s", [], new Dictionary<string, string>(), uri, true, new Dictionary<string, string>(), Engine.Tools.Isolation.ToolIsolation.Default, CancellationToken.None);
        Assert.All(server.Requests, request => Assert.DoesNotContain("Authorization", request.Headers.Keys));
        var pin = listed.Single().Settings.GetProperty("pin").GetString();
        await test.ImportAsync("- call: {tool: s-one, arguments: {}}\n- say: \"{{tool.s-one}}\"", "- {id: all, effect: permit, resources: ['tool:s-one', 'net:127.0.0.1']}", tools: $$"""
            apiVersion: agentops/v1
            kind: Tool
            name: s-one
            mcp: {uri: '{{uri}}', allowPrivateNetwork: true, tool: one, pin: {{pin}}, identity: true, audience: mcp}
            sideEffect: none
            """);
        var before = server.Requests.Count;

        var (result, _) = await test.InvokeAsync();

        Assert.Equal("it is me", result.Answer);
        var keys = await test.Workspace.Identities.ExportAsync([], CancellationToken.None);
        var requests = server.Requests.Skip(before).ToArray();
        Assert.True(requests.Length >= 3);
        Assert.All(requests, request => Assert.Equal("tool:s-one net:127.0.0.1", Text(TokenVerifier.Verify(Token(request), keys, "mcp", DateTimeOffset.UtcNow).Claims, "scope")));
    }

    private static async Task<TestWorkspace> OpenAsync(Uri uri, string audience = "", string permit = Permit, bool identity = true)
    {
        var test = await TestWorkspace.OpenAsync();
        await test.ImportAsync(Steps, permit, tools: $$"""
            apiVersion: agentops/v1
            kind: Tool
            name: Fetch
            http:
              uri: {{uri}}
              allowPrivateNetwork: true
              identity: {{(identity ? "true" : "false")}}
              {{audience}}
            sideEffect: none
            """);
        return test;
    }

    private static string Token(LoopbackServer.Received request) =>
        request.Headers.TryGetValue("Authorization", out var header) && header.StartsWith("Bearer ", StringComparison.Ordinal) ? header["Bearer ".Length..] : string.Empty;

    private static string? Text(JsonElement? claims, string name) => claims!.Value.GetProperty(name).GetString();

    private static int KeyCount(string keySet) => JsonDocument.Parse(keySet).RootElement.GetProperty("keys").GetArrayLength();

    private static string Flip(string signature) => (signature[0] == 'A' ? 'B' : 'A') + signature[1..];

    private static async Task<JsonElement> JoseAsync(params string[] arguments)
    {
        using var node = Process.Start(new ProcessStartInfo("node", [Path.Combine(McpFactAttribute.Folder, "jose.mjs"), .. arguments]) { RedirectStandardOutput = true })!;
        var output = await node.StandardOutput.ReadToEndAsync();
        await node.WaitForExitAsync();
        return JsonDocument.Parse(output).RootElement;
    }
}
