using System.Text;
using System.Text.Json;
using AgentOps.Engine.Invocation;
using AgentOps.Engine.Permissions;
using AgentOps.Engine.Providers;
using AgentOps.Engine.Sessions;
using AgentOps.Engine.Tests.Invocation;
using AgentOps.Engine.Tests.Providers;
using AgentOps.Engine.Tools;
using AgentOps.Engine.Tools.Http;
using AgentOps.Engine.Tools.OpenApi;
using FsCheck;
using FsCheck.Fluent;

namespace AgentOps.Engine.Tests.Tools;

/// <summary>Operations of an OpenAPI document, called at a real server on the loopback, friendly and hostile.</summary>
public sealed class OpenApiCallTests
{
    private const string Secret = "canary-openapi-7f3a";

    private const string Document = """
        openapi: 3.1.0
        paths:
          /items/{id}:
            get:
              operationId: get
              security: [{basic: []}, {header: [], query: []}]
              parameters:
              - {name: id, in: path, required: true, schema: {type: string}}
              - {name: tag, in: query, schema: {type: array, items: {type: string}}}
              - {name: at, in: query, explode: false, schema: {type: array, items: {type: integer}}}
              - {name: X-Trace, in: header, schema: {type: string}}
            patch:
              operationId: patch
              parameters: [{name: id, in: path, required: true, schema: {type: string}}]
              requestBody:
                required: true
                content: {application/merge-patch+json: {schema: {type: object, properties: {price: {type: number}, when: {type: string, format: date-time}, meta: {type: object}}}}}
          /items:
            post:
              operationId: add
              requestBody: {content: {application/json: {schema: {type: array, items: {type: object}}}}}
        components:
          securitySchemes:
            basic: {type: http, scheme: basic}
            header: {type: apiKey, in: header, name: X-Key}
            query: {type: apiKey, in: query, name: key}
        """;

    [Fact]
    public async Task A_request_is_what_the_document_says()
    {
        using var server = new LoopbackServer(LoopbackServer.Answer(200, """{"ok":true}"""));
        using var executor = new HttpToolExecutor(new EnvironmentSecretResolver());
        Environment.SetEnvironmentVariable("AGENTOPS_OPENAPI", Secret);
        var both = new Dictionary<string, string> { ["header"] = "env:AGENTOPS_OPENAPI", ["query"] = "env:AGENTOPS_OPENAPI" };
        var basic = new Dictionary<string, string> { ["basic"] = "env:AGENTOPS_OPENAPI" };

        await executor.ExecuteAsync(Call(server, "get", """{"id":"a/b c?d#é","tag":["x&y","z"],"at":[1,2],"X_Trace":"t-1"}""", both), CancellationToken.None);
        await executor.ExecuteAsync(Call(server, "get", """{"id":"1"}""", basic), CancellationToken.None);
        await executor.ExecuteAsync(Call(server, "patch", """{"id":"1","price":"12.50","when":"2026-10-01T02:00:00+02:00","meta":{"a":[1,"two",null]}}"""), CancellationToken.None);
        await executor.ExecuteAsync(Call(server, "patch", """{"id":"1"}"""), CancellationToken.None);
        await executor.ExecuteAsync(Call(server, "add", """{"body":[{"n":1}]}"""), CancellationToken.None);
        await executor.ExecuteAsync(Call(server, "add", "{}"), CancellationToken.None);

        var heard = server.Requests.ToArray();
        Assert.Equal(6, heard.Length);
        Assert.Equal(("GET", $"/v1/items/a%2Fb%20c%3Fd%23%C3%A9?tag=x%26y&tag=z&at=1%2C2&key={Secret}"), (heard[0].Method, heard[0].Path));
        Assert.Equal((Secret, "t-1", "a"), (heard[0].Headers["X-Key"], heard[0].Headers["X-Trace"], heard[0].Headers["AgentOps-Agent"]));
        Assert.Equal(("/v1/items/1", "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes(Secret))), (heard[1].Path, heard[1].Headers["Authorization"]));
        Assert.Equal(("PATCH", "application/merge-patch+json; charset=utf-8"), (heard[2].Method, heard[2].Headers["Content-Type"]));
        Assert.Equal("""{"price":12.50,"when":"2026-10-01T00:00:00Z","meta":{"a":[1,"two",null]}}""", heard[2].Body);
        Assert.Equal(("{}", """[{"n":1}]""", string.Empty), (heard[3].Body, heard[4].Body, heard[5].Body));
    }

    /// <summary>Any text is one segment at the server, and the very text, or nothing is sent.</summary>
    [Fact]
    public void An_argument_of_a_path_is_one_segment_or_is_not_sent()
    {
        var parts = Gen.Elements("..", ".", "/", "\\", "%2e", "%2F", "a", "é", "?", "#", "&", "=", " ", "%", ";", ":", "@", "//");
        var texts = Gen.Choose(0, 5).SelectMany(count => Gen.ArrayOf(parts, count)).Select(string.Concat);
        Check.QuickThrowOnFailure(Prop.ForAll(Arb.From(texts), text =>
        {
            HttpCall call;
            try
            {
                call = HttpCall.CreateAsync(Call(new Uri("https://x.example/v1"), "patch", JsonSerializer.Serialize(new { id = text })), new EnvironmentSecretResolver(), CancellationToken.None).AsTask().GetAwaiter().GetResult();
            }
            catch (FormatException)
            {
                return text.Length == 0 || text.Split('/', '\\').Any(segment => segment is "." or "..");
            }

            return call.Address.AbsolutePath.Split('/') is ["", "v1", "items", var segment] && Uri.UnescapeDataString(segment) == text && call.Address.Query.Length == 0;
        }));
    }

    [Fact]
    public async Task A_credential_stays_with_the_origin_it_is_for_and_is_redacted_when_it_comes_back()
    {
        using var other = new LoopbackServer(LoopbackServer.Answer(200, "elsewhere"));
        using var server = new LoopbackServer(
            async (request, stream, token) => await LoopbackServer.Answer(200, $"echo {request.Path} {request.Headers["X-Key"]}")(request, stream, token),
            LoopbackServer.Answer(302, "", "text/plain", $"Location: {other.Uri}stolen"));
        await using var test = await OpenAsync(server, "get", "none");
        await test.ImportAsync("""
            - call: {tool: shop-get, arguments: {id: "1"}}
            - say: "{{tool.shop-get}}"
            """, """
            - {id: call, effect: permit, resources: ['tool:shop-get', 'net:127.0.0.1']}
            """, toolNames: ["shop-get"]);

        var (first, _) = await test.InvokeAsync();
        var (second, _) = await test.InvokeAsync();

        Assert.Equal("echo /v1/items/1?key=[redacted] [redacted]", first.Answer);
        Assert.Equal("elsewhere", second.Answer);
        var stolen = Assert.Single(other.Requests);
        Assert.Equal("/stolen", stolen.Path);
        Assert.DoesNotContain("X-Key", stolen.Headers.Keys);
        Assert.DoesNotContain(Secret, string.Concat((await test.AuditAsync()).Select(record => record.Data.GetRawText())), StringComparison.Ordinal);
        Assert.True((await test.Workspace.Sessions.GetAsync(first.Session, CancellationToken.None)).IsTainted);
    }

    /// <summary>What a server answers, and the outcome in the ledger of a call that reads and of one that changes something.</summary>
    public static TheoryData<string, string, string> HostileAnswers => new()
    {
        { "HTTP/1.1 200 X\r\nContent-Length: 1000\r\nConnection: close\r\n\r\nshort", "error", "unknown" },
        { "HTTP/1.1 200 X\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nnonsense", "error", "unknown" },
        { "no http at all\r\n\r\n", "error", "unknown" },
        { "", "error", "unknown" },
        { "HTTP/1.1 302 X\r\nLocation: file:///etc/passwd\r\nContent-Length: 0\r\n\r\n", "error", "error" },
        { "HTTP/1.1 302 X\r\nLocation: http://169.254.169.254/\r\nContent-Length: 0\r\n\r\n", "error", "error" },
        { "HTTP/1.1 302 X\r\nLocation: /v1/items/1\r\nContent-Length: 0\r\n\r\n", "error", "error" },
        { "HTTP/1.1 500 X\r\nContent-Length: 4\r\n\r\noops", "error", "error" },
        { "HTTP/1.1 200 X\r\nX: " + new string('h', 100_000) + "\r\n\r\n", "error", "unknown" },
    };

    [Theory]
    [MemberData(nameof(HostileAnswers))]
    public async Task A_hostile_answer_is_an_outcome_and_an_effect_that_is_not_known_is_in_doubt(string answer, string read, string changed)
    {
        using var server = new LoopbackServer(LoopbackServer.Raw(answer));
        foreach (var (sideEffect, outcome) in new[] { ("none", read), ("irreversible", changed) })
        {
            await using var test = await OpenAsync(server, sideEffect == "none" ? "get" : "patch", sideEffect);
            var name = sideEffect == "none" ? "shop-get" : "shop-patch";
            await test.ImportAsync($$$"""
                - call: {tool: {{{name}}}, arguments: {id: "1"}}
                - say: done
                """, $"- {{id: call, effect: permit, resources: ['tool:{name}', 'net:127.0.0.1']}}", toolNames: [name]);

            var (result, events) = await test.InvokeAsync();

            Assert.Equal(SessionStatus.Completed, result.Status);
            Assert.Equal(outcome, events.Single(item => item.Kind == SessionEventKind.ToolCompleted).Outcome);
        }
    }

    [Fact]
    public async Task Nothing_is_sent_without_a_grant_of_the_host_or_to_a_private_address_that_is_not_allowed()
    {
        using var server = new LoopbackServer(LoopbackServer.Answer(200, "{}"));
        using var executor = new HttpToolExecutor(new EnvironmentSecretResolver());
        var call = Call(server, "patch", """{"id":"1"}""");
        using var settings = JsonDocument.Parse(call.Tool.Settings.GetRawText().Replace(",\"allowPrivateNetwork\":true", string.Empty, StringComparison.Ordinal));

        var stranger = await executor.ExecuteAsync(call with { IsHostGranted = _ => false }, CancellationToken.None);
        var inside = await executor.ExecuteAsync(call with { Tool = call.Tool with { Settings = settings.RootElement.Clone() } }, CancellationToken.None);

        Assert.Contains("not granted", stranger.Content, StringComparison.Ordinal);
        Assert.Contains("private address", inside.Content, StringComparison.Ordinal);
        Assert.False(inside.IsUnknown);
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task A_secret_that_is_not_there_is_an_outcome()
    {
        using var server = new LoopbackServer(LoopbackServer.Answer(200, "{}"));
        using var executor = new HttpToolExecutor(new EnvironmentSecretResolver());

        var outcome = await executor.ExecuteAsync(Call(server, "get", """{"id":"1"}""", new Dictionary<string, string> { ["basic"] = "env:AGENTOPS_NO_SUCH" }), CancellationToken.None);

        Assert.False(outcome.Succeeded);
        Assert.Contains("AGENTOPS_NO_SUCH", outcome.Content, StringComparison.Ordinal);
        Assert.Empty(server.Requests);
    }

    private static async Task<TestWorkspace> OpenAsync(LoopbackServer server, string operation, string sideEffect)
    {
        Environment.SetEnvironmentVariable("AGENTOPS_OPENAPI", Secret);
        var test = await TestWorkspace.OpenAsync();
        var secrets = new Dictionary<string, string> { ["header"] = "env:AGENTOPS_OPENAPI", ["query"] = "env:AGENTOPS_OPENAPI" };
        var tool = Define(new Uri(server.Uri, "/v1"), operation, secrets) with { SideEffect = Enum.Parse<SideEffect>(sideEffect, ignoreCase: true) };
        await test.Workspace.Tools.RegisterAsync(tool, replace: false, CancellationToken.None);
        return test;
    }

    private static ToolInvocation Call(LoopbackServer server, string operation, string arguments, Dictionary<string, string>? secrets = null) =>
        Call(new Uri(server.Uri, "/v1"), operation, arguments, secrets);

    private static ToolInvocation Call(Uri server, string operation, string arguments, Dictionary<string, string>? secrets = null)
    {
        var tool = Define(server, operation, secrets);
        using var json = JsonDocument.Parse(arguments);
        var bound = ArgumentBinder.Bind(tool.Parameters, json.RootElement);
        Assert.True(bound.IsBound, bound.Reason);
        return new ToolInvocation(tool, bound.Arguments!, "s", "a", Path.GetTempPath(), null, host => host == "127.0.0.1") { Caller = new Caller("os:me", [], "c1", false, null) };
    }

    private static ToolDefinition Define(Uri server, string operation, Dictionary<string, string>? secrets)
    {
        var document = OpenApiDocument.Parse(Document, "shop.yaml");
        return document.Define(document.Find(operation)!, ToolNames.Under("shop", operation), new OpenApiOptions { Server = server, Secrets = secrets ?? [], AllowPrivateNetwork = true });
    }
}
