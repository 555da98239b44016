using System.Security.Cryptography;
using System.Text;
using AgentOps.Engine.Approvals;
using AgentOps.Engine.Errors;
using AgentOps.Engine.Invocation;
using AgentOps.Engine.Ledger;
using AgentOps.Engine.Sessions;
using AgentOps.Engine.Tests.Invocation;
using AgentOps.Engine.Workspaces;

namespace AgentOps.Engine.Tests.Approvals;

/// <summary>Registered keys as persons: what a signature is good for, and all that it is no good for.</summary>
public sealed class SignedApprovalTests : IAsyncLifetime
{
    private const string Steps = """
        - call: {tool: Touch, arguments: {Path: "$OUTSIDE/one"}}
        - call: {tool: Touch, arguments: {Path: "$OUTSIDE/two"}}
        - say: "{{tool.Touch}}"
        """;

    private readonly List<Key> _keys = [];
    private TestWorkspace _test = null!;

    public async Task InitializeAsync() => _test = await TestWorkspace.OpenAsync();

    public async Task DisposeAsync()
    {
        _keys.ForEach(key => key.Ecdsa.Dispose());
        await _test.DisposeAsync();
    }

    [Fact]
    public async Task A_registered_key_approves_and_the_call_runs_once()
    {
        var (request, session) = await AskAsync(quorum: 1, notRequester: true);
        var alice = await RegisterAsync("alice");

        var answered = await AnswerAsync(request, alice);

        Assert.Equal(("key:alice", ApprovalStatus.Approved), (answered.Votes.Single().Person, answered.Recorded));
        await ResumeAsync(session);
        Assert.True(File.Exists(Path.Combine(_test.Outside, "one")));
        Assert.True((await _test.Workspace.Ledger.VerifyAsync(new LedgerVerificationOptions(), CancellationToken.None)).IsWhole);
        Assert.Equal(answered.Votes.Single().Signature, (await OtherAsync(request.Id)).Votes.Single().Signature);
    }

    [Fact]
    public async Task A_signature_made_elsewhere_over_the_shown_text_is_taken()
    {
        var (request, _) = await AskAsync(quorum: 1, notRequester: true);
        var alice = await RegisterAsync("alice");
        var signature = Convert.ToBase64String(alice.Ecdsa.SignData(Encoding.UTF8.GetBytes(request.SigningText), HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence));

        var answered = await AnswerAsync(request, VoteSigner.FromSignature(signature));

        Assert.Equal("key:alice", answered.Votes.Single().Person);
    }

    [Theory]
    [InlineData("another request")]
    [InlineData("altered answer")]
    [InlineData("altered text")]
    [InlineData("unregistered key")]
    [InlineData("key taken away")]
    [InlineData("no signature")]
    public async Task A_signature_is_good_for_nothing_else(string attack)
    {
        var (request, session) = await AskAsync(quorum: 1, notRequester: true);
        var alice = await RegisterAsync("alice");
        var signature = Sign(alice, request.SigningText);
        var approves = true;
        var target = request;
        switch (attack)
        {
            case "another request":
                await AnswerAsync(request, alice);
                await ResumeAsync(session, noWait: true);
                target = (await _test.Workspace.Requests.ListAsync(CancellationToken.None)).Single(one => one.Recorded == ApprovalStatus.Pending);
                break;
            case "altered answer":
                approves = false;
                break;
            case "altered text":
                signature = Sign(alice, request.SigningText.Replace("/one", "/two", StringComparison.Ordinal));
                break;
            case "unregistered key":
                signature = Sign(NewKey(), request.SigningText);
                break;
            case "key taken away":
                await _test.Workspace.Persons.UnregisterAsync("alice", CancellationToken.None);
                break;
            default:
                signature = string.Empty;
                break;
        }

        var fault = await Assert.ThrowsAsync<AgentOpsException>(async () => await _test.Workspace.Requests.AnswerAsync(target.Id, approves, null, null, VoteSigner.FromSignature(signature), CancellationToken.None));

        Assert.Equal(ErrorCodes.AnswerRefused, fault.Code);
        Assert.Equal(ApprovalStatus.Pending, (await OtherAsync(target.Id)).Recorded);
    }

    [Theory]
    [InlineData("removed")]
    [InlineData("replaced")]
    public async Task A_key_that_is_taken_away_before_the_call_runs_takes_its_approval_with_it(string how)
    {
        var (request, session) = await AskAsync(quorum: 1, notRequester: true);
        await AnswerAsync(request, await RegisterAsync("alice"));
        await _test.Workspace.Persons.UnregisterAsync("ALICE", CancellationToken.None);
        if (how == "replaced")
        {
            await RegisterAsync("alice");
        }

        var result = await ResumeAsync(session, noWait: true);

        Assert.False(File.Exists(Path.Combine(_test.Outside, "one")));
        Assert.Equal(0, result.ToolCalls);
        Assert.Equal(ApprovalStatus.Burned, (await OtherAsync(request.Id)).Recorded);
    }

    [Fact]
    public async Task One_key_is_one_person_whatever_it_is_called()
    {
        var alice = await RegisterAsync("alice");

        var fault = await Assert.ThrowsAsync<AgentOpsException>(async () => await _test.Workspace.Persons.RegisterAsync("bob", alice.Public, null, "test", CancellationToken.None));
        Assert.Equal(ErrorCodes.PersonExists, fault.Code);

        // The same point, written another way.
        using var compressed = ECDsa.Create();
        compressed.ImportFromPem(alice.Ecdsa.ExportECPrivateKeyPem());
        fault = await Assert.ThrowsAsync<AgentOpsException>(async () => await _test.Workspace.Persons.RegisterAsync("bob", compressed.ExportSubjectPublicKeyInfoPem(), null, "test", CancellationToken.None));
        Assert.Equal(ErrorCodes.PersonExists, fault.Code);
        fault = await Assert.ThrowsAsync<AgentOpsException>(async () => await _test.Workspace.Persons.RegisterAsync("bob", alice.Ecdsa.ExportPkcs8PrivateKeyPem(), null, "test", CancellationToken.None));
        Assert.Equal(ErrorCodes.SigningKeyInvalid, fault.Code);
    }

    [Theory]
    [InlineData("os:dave", "os:dave", false)]
    [InlineData("DAVE", "os:dave", false)]
    [InlineData(null, "os:dave", true)]
    [InlineData(null, "os:phone", false)]
    public async Task A_key_and_its_account_are_one_person(string? account, string voter, bool isSecond)
    {
        var (request, _) = await AskAsync(quorum: 2, notRequester: true);
        await AnswerAsync(request, await RegisterAsync("phone", account));
        var state = await _test.Workspace.GetStateAsync(CancellationToken.None);

        var taken = state.Approvals.TryVote(request.Id, voter, true, null, new([]), DateTimeOffset.UtcNow, out _, out var refusal, null, state.Persons);

        Assert.Equal(isSecond, taken);
        Assert.Equal(isSecond, refusal is null);
    }

    [Fact]
    public async Task A_link_that_is_made_later_counts_when_the_call_is_to_run()
    {
        var (request, session) = await AskAsync(quorum: 2, notRequester: true);
        var (one, two) = (await RegisterAsync("one"), await RegisterAsync("two"));
        await AnswerAsync(request, one);
        Assert.Equal(ApprovalStatus.Approved, (await AnswerAsync(request, two)).Recorded);
        foreach (var (name, key) in new[] { ("one", one), ("two", two) })
        {
            await _test.Workspace.Persons.UnregisterAsync(name, CancellationToken.None);
            await _test.Workspace.Persons.RegisterAsync(name, key.Public, "os:dave", "test", CancellationToken.None);
        }

        var result = await ResumeAsync(session, noWait: true);

        Assert.Equal((0, ApprovalStatus.Burned), (result.ToolCalls, (await OtherAsync(request.Id)).Recorded));
    }

    [Fact]
    public async Task The_requester_does_not_count_by_a_key_of_the_same_account_either()
    {
        var (request, _) = await AskAsync(quorum: 1, notRequester: true);
        var mine = await RegisterAsync("mine", _test.Workspace.OnBehalfOf);

        var fault = await Assert.ThrowsAsync<AgentOpsException>(() => AnswerAsync(request, mine));

        Assert.Contains("requester", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_answer_that_claims_a_key_without_its_signature_counts_for_nothing_and_is_found()
    {
        var (request, _) = await AskAsync(quorum: 1, notRequester: true);
        var alice = await RegisterAsync("alice");
        var forged = new ApprovalVote("key:alice", true, request.Needs.Select(need => need.Rule).ToArray(), null, DateTimeOffset.UtcNow)
        {
            Key = (await _test.Workspace.GetStateAsync(CancellationToken.None)).Persons.Find("alice")!.KeyId,
            Signature = Sign(alice, "something else"),
        };
        await _test.Workspace.Ledger.AppendAsync([ApprovalEvents.MakeVoted(request.Id, forged)], CancellationToken.None);

        Assert.Equal(ApprovalStatus.Pending, (await OtherAsync(request.Id)).Recorded);
        var verification = await _test.Workspace.Ledger.VerifyAsync(new LedgerVerificationOptions(), CancellationToken.None);
        Assert.False(verification.IsWhole);
        Assert.Contains("not signed by that person's key", Assert.Single(verification.Faults).What, StringComparison.Ordinal);
    }

    private async Task<(ApprovalRequest Request, string Session)> AskAsync(int quorum, bool notRequester)
    {
        var obligation = $"approval: {{quorum: {quorum}, notRequester: {(notRequester ? "true" : "false")}, timeout: PT15M}}";
        await _test.ImportAsync(Steps.Replace("$OUTSIDE", _test.Outside, StringComparison.Ordinal), $$"""
            - {id: touch, effect: permit, resources: ['tool:Touch']}
            - {id: ask, effect: require, resources: ['tool:Touch'], obligations: [{{{obligation}}}]}
            """);
        var (result, _) = await _test.InvokeAsync(new InvocationRequest { Agent = "a", Prompt = "go", NoWait = true });
        Assert.Equal(SessionStatus.Pending, result.Status);
        return ((await _test.Workspace.Requests.ListAsync(CancellationToken.None)).Single(), result.Session);
    }

    private async Task<InvocationResult> ResumeAsync(string session, bool noWait = true)
    {
        SessionEvent? last = null;
        await foreach (var item in _test.Workspace.Invoker.ResumeAsync(session, noWait, CancellationToken.None))
        {
            last = item;
        }

        return last!.Result!;
    }

    /// <summary>The request as another process reads it from the store.</summary>
    private async Task<ApprovalRequest> OtherAsync(string id)
    {
        await using var other = await Workspace.OpenAsync(new WorkspaceOptions { Store = _test.Folder }, CancellationToken.None);
        return (await other.GetStateAsync(CancellationToken.None)).Approvals.Find(id)!;
    }

    private async Task<ApprovalRequest> AnswerAsync(ApprovalRequest request, Key key) => await AnswerAsync(request, new VoteSigner(key.Ecdsa));

    private async Task<ApprovalRequest> AnswerAsync(ApprovalRequest request, VoteSigner signer) =>
        await _test.Workspace.Requests.AnswerAsync(request.Id, true, null, null, signer, CancellationToken.None);

    private async Task<Key> RegisterAsync(string name, string? account = null)
    {
        var key = NewKey();
        await _test.Workspace.Persons.RegisterAsync(name, key.Public, account, "test", CancellationToken.None);
        return key;
    }

    private Key NewKey()
    {
        var key = new Key(ECDsa.Create(ECCurve.NamedCurves.nistP256));
        _keys.Add(key);
        return key;
    }

    private static string Sign(Key key, string text) =>
        Convert.ToBase64String(key.Ecdsa.SignData(Encoding.UTF8.GetBytes(text), HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence));

    private sealed record Key(ECDsa Ecdsa)
    {
        public string Public => Ecdsa.ExportSubjectPublicKeyInfoPem();
    }
}
