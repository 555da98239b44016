using System.Security.Cryptography;
using System.Text.Json;
using AgentOps.Engine.Approvals;
using AgentOps.Engine.Errors;
using AgentOps.Engine.Invocation;
using AgentOps.Engine.Ledger;
using AgentOps.Engine.Sessions;
using AgentOps.Engine.Tests.Invocation;
using AgentOps.Engine.Tests.Ledger;
using AgentOps.Engine.Tests.Providers;
using AgentOps.Engine.Workspaces;

namespace AgentOps.Engine.Tests.Identity;

/// <summary>Tokens, agents' keys and registered persons on a store in PostgreSQL: what a file store's tests hold, of several processes on one server.</summary>
public sealed class PostgresIdentityTests(PostgresServer server) : IClassFixture<PostgresServer>
{
    private const string Fetch = "- {id: fetch, effect: permit, resources: ['tool:Fetch', 'net:127.0.0.1']}";

    private const string Ask = Fetch + """

        - {id: ask, effect: require, resources: ['tool:Fetch'], obligations: [{approval: {quorum: 1, timeout: PT15M}}]}
        """;

    [PostgresFact]
    public async Task A_token_is_verified_by_the_key_set_that_any_process_gives_and_not_after_its_key_was_replaced_and_it_expired()
    {
        using var service = new LoopbackServer(LoopbackServer.Answer(200, "ok"), LoopbackServer.Answer(200, "ok"));
        await using var test = await OpenAsync("tokens", service, Fetch);
        await using var other = await TestWorkspace.OpenAsync(test.Folder);

        var (result, _) = await test.InvokeAsync();
        var keys = await other.Workspace.Identities.ExportAsync([], CancellationToken.None);
        var audience = service.Uri.GetLeftPart(UriPartial.Authority);
        var (claims, refusal) = TokenVerifier.Verify(Token(service.Requests.ElementAt(0)), keys, audience, DateTimeOffset.UtcNow);

        Assert.Equal((SessionStatus.Completed, null), (result.Status, refusal));
        Assert.Equal(
            (test.Workspace.Ledger.GetCheckpoint().Origin, "database:postgres", "a", result.Session),
            (Text(claims, "iss"), Text(claims, "sub"), Text(claims, "client_id"), Text(claims, "session")));

        var replaced = await other.Workspace.Identities.RotateAsync("a", CancellationToken.None);
        await test.InvokeAsync();
        var later = await test.Workspace.Identities.ExportAsync([], CancellationToken.None);
        Assert.Equal(2, Ids(later).Length);
        Assert.Null(TokenVerifier.Verify(Token(service.Requests.ElementAt(0)), later, audience, DateTimeOffset.UtcNow).Refusal);
        Assert.Null(TokenVerifier.Verify(Token(service.Requests.ElementAt(1)), later, audience, DateTimeOffset.UtcNow).Refusal);
        Assert.Contains(replaced.Id, Ids(later));
        Assert.Equal("time", TokenVerifier.Verify(Token(service.Requests.ElementAt(0)), later, audience, DateTimeOffset.UtcNow + TimeSpan.FromMinutes(11)).Refusal);
    }

    [PostgresFact]
    public async Task A_private_half_lies_on_its_host_alone_and_a_host_without_one_makes_its_own()
    {
        using var service = new LoopbackServer(LoopbackServer.Answer(200, "ok"));
        await using var test = await OpenAsync("keys", service, Fetch);
        var first = Assert.Single(Ids(await test.Workspace.Identities.ExportAsync([], CancellationToken.None)));
        var file = Path.Combine(LedgerStores.GetKeyFolder(test.Folder, WorkspaceOptions.DefaultStore()), "agents", first + ".key");
        var secret = (await File.ReadAllTextAsync(file)).Split('\n')[1][20..];

        string Holds(string text) => server.Query($"SELECT EXISTS (SELECT FROM agentops_record WHERE workspace = 'identity-keys' AND position('{text}' IN convert_from(line, 'UTF8')) > 0)");
        Assert.Equal(("t", "f"), (Holds(first), Holds(secret)));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        }

        // Another host of the same workspace has none of this one's files.
        File.Delete(file);
        await using var elsewhere = await TestWorkspace.OpenAsync(test.Folder);
        Assert.Equal(2, Ids(await elsewhere.Workspace.Identities.ExportAsync([], CancellationToken.None)).Length);
        await elsewhere.Workspace.Agents.SuspendAsync("a", null, CancellationToken.None);
        Assert.Empty(Ids(await test.Workspace.Identities.ExportAsync([], CancellationToken.None)));
    }

    /// <summary>The requester is the role. A key that its registration joins to the role is the requester, too; any other is a person of its own.</summary>
    [PostgresFact]
    public async Task A_registered_key_approves_over_the_server_and_the_requesters_own_does_not()
    {
        using var service = new LoopbackServer(LoopbackServer.Answer(200, "ok"));
        await using var test = await OpenAsync("persons", service, Ask);
        await using var other = await TestWorkspace.OpenAsync(test.Folder);
        var (waiting, _) = await test.InvokeAsync(new InvocationRequest { Agent = "a", Prompt = "go", NoWait = true });
        using var own = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var apart = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        await other.Workspace.Persons.RegisterAsync("own", own.ExportSubjectPublicKeyInfoPem(), "database:postgres", "test", CancellationToken.None);
        await other.Workspace.Persons.RegisterAsync("carol", apart.ExportSubjectPublicKeyInfoPem(), null, "test", CancellationToken.None);
        var request = Assert.Single(await other.Workspace.Requests.ListAsync(CancellationToken.None));

        var asRole = await Assert.ThrowsAsync<AgentOpsException>(async () => await other.Workspace.Requests.AnswerAsync(request.Id, true, null, CancellationToken.None));
        var asOwn = await Assert.ThrowsAsync<AgentOpsException>(async () => await AnswerAsync(other, request, own));
        var answered = await AnswerAsync(other, request, apart);
        InvocationResult? result = null;
        await foreach (var item in test.Workspace.Invoker.ResumeAsync(waiting.Session, noWait: true, CancellationToken.None))
        {
            result = item.Result ?? result;
        }

        Assert.Equal((ErrorCodes.AnswerRefused, ErrorCodes.AnswerRefused), (asRole.Code, asOwn.Code));
        Assert.Equal("key:carol", Assert.Single(answered.Votes).Person);
        Assert.Equal((SessionStatus.Completed, 1), (result!.Status, result.ToolCalls));
        Assert.True((await other.Workspace.Ledger.VerifyAsync(new LedgerVerificationOptions(), CancellationToken.None)).IsWhole);
    }

    private static async Task<ApprovalRequest> AnswerAsync(TestWorkspace test, ApprovalRequest request, ECDsa key) =>
        await test.Workspace.Requests.AnswerAsync(request.Id, true, null, null, new VoteSigner(key), CancellationToken.None);

    private async Task<TestWorkspace> OpenAsync(string name, LoopbackServer service, string rules)
    {
        var test = await TestWorkspace.OpenAsync(server.GetUri("identity-" + name));
        await test.ImportAsync("- call: {tool: Fetch, arguments: {}}\n- say: done", rules, tools: $$"""
            apiVersion: agentops/v1
            kind: Tool
            name: Fetch
            http: {uri: '{{service.Uri}}', allowPrivateNetwork: true, identity: true}
            sideEffect: none
            """);
        return test;
    }

    private static string Token(LoopbackServer.Received request) => request.Headers["Authorization"]["Bearer ".Length..];

    private static string? Text(JsonElement? claims, string name) => claims!.Value.GetProperty(name).GetString();

    private static string[] Ids(string keySet) => [.. JsonDocument.Parse(keySet).RootElement.GetProperty("keys").EnumerateArray().Select(key => key.GetProperty("kid").GetString()!)];
}
