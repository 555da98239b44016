using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using AgentOps.Engine.Identity;
using AgentOps.Engine.Workspaces;
using FsCheck;
using FsCheck.Fluent;

namespace AgentOps.Engine.Tests.Identity;

/// <summary>What a workspace takes for a token of its agents: nothing but what their own keys signed, as it was signed, while it lasts.</summary>
public sealed class IdentityTokenReaderTests : IDisposable
{
    private const string Workspace = "agentops/test";
    private static readonly DateTimeOffset Now = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

    private readonly AgentSigner _a = new(ECDsa.Create(ECCurve.NamedCurves.nistP256));
    private readonly AgentSigner _b = new(ECDsa.Create(ECCurve.NamedCurves.nistP256));
    private readonly WorkspaceState _state;

    public IdentityTokenReaderTests() => _state = State(("a", _a, null), ("b", _b, null));

    public void Dispose()
    {
        _a.Dispose();
        _b.Dispose();
    }

    [Theory]
    [InlineData()]
    [InlineData("front")]
    [InlineData("first", "second", "third")]
    public void What_was_signed_is_read_back_whole(params string[] delegators)
    {
        var token = Token("a") with { Delegators = delegators };
        var (read, _) = Read(token.Sign(_a));
        Assert.Equal(delegators, read!.Delegators);
        Assert.Equal(token.Scope, read.Scope);
        Assert.Equal(token with { Delegators = [], Scope = [] }, read with { Delegators = [], Scope = [] });
    }

    [Fact]
    public void Not_one_bit_of_it_can_be_changed()
    {
        var token = (Token("a") with { Delegators = ["front"] }).Sign(_a);
        for (var place = 0; place < token.Length; place++)
        {
            for (var bit = 0; bit < 7; bit++)
            {
                var letters = token.ToCharArray();
                letters[place] ^= (char)(1 << bit);
                var changed = new string(letters);
                Assert.True(Read(changed).Token is null, $"bit {bit} of letter {place}");
                Assert.True(IdentityTokenReader.IsToken(changed), $"bit {bit} of letter {place} makes a key of it");
            }
        }
    }

    [Fact]
    public void A_token_of_one_agent_never_speaks_of_another()
    {
        Assert.Null(Read(Token("b").Sign(_a)).Token);
        Assert.Null(Read(Token("A").Sign(_a)).Token);
        Assert.Null(Read(Signed(_a, claims: claims => claims["client_id"] = "b")).Token);
        Assert.Null(Read(Signed(_a, claims: claims => claims["act"] = new JsonObject { ["sub"] = "agent:b" })).Token);
        Assert.Null(Read(Signed(_a, header: header => header["kid"] = _b.Id)).Token);
        Assert.Equal("a", Read(Signed(_a)).Token!.Agent);
    }

    [Fact]
    public void The_algorithm_is_the_verifiers_and_not_the_tokens()
    {
        var parts = Signed(_a).Split('.');
        foreach (var alg in new[] { "none", "None", "es256", "ES384", "HS256", "RS256", "" })
        {
            Assert.Null(Read(Signed(_a, header: header => header["alg"] = alg)).Token);
        }

        Assert.Null(Read($"{Part(new JsonObject { ["alg"] = "none", ["typ"] = "JWT", ["kid"] = _a.Id })}.{parts[1]}.").Token);

        // The public key as a shared secret, in each form in which someone may have it.
        var x963 = (byte[])[4, .. Base64Url.DecodeFromChars(_a.X), .. Base64Url.DecodeFromChars(_a.Y)];
        foreach (var secret in new[] { x963, x963[1..], Encoding.UTF8.GetBytes(_a.Id), Encoding.UTF8.GetBytes(_a.X + _a.Y), [] })
        {
            foreach (var alg in new[] { "HS256", "ES256" })
            {
                var text = $"{Part(new JsonObject { ["alg"] = alg, ["typ"] = "JWT", ["kid"] = _a.Id })}.{parts[1]}";
                Assert.Null(Read($"{text}.{Base64Url.EncodeToString(HMACSHA256.HashData(secret, Encoding.ASCII.GetBytes(text)))}").Token);
                Assert.Null(Read($"{text}.{Base64Url.EncodeToString(HMACSHA512.HashData(secret, Encoding.ASCII.GetBytes(text)))}").Token);
            }
        }
    }

    [Fact]
    public void A_key_in_the_header_is_not_looked_at_and_what_must_be_understood_is_refused()
    {
        using var own = new AgentSigner(ECDsa.Create(ECCurve.NamedCurves.nistP256));
        var jwk = new JsonObject { ["kty"] = "EC", ["crv"] = "P-256", ["x"] = own.X, ["y"] = own.Y };
        Assert.Null(Read(Signed(own, header: header => (header["kid"], header["jwk"]) = (_a.Id, jwk))).Token);
        Assert.Null(Read(Signed(_a, header: header => header["crit"] = new JsonArray("exp"))).Token);
        Assert.Null(Read(Signed(_a, header: header => header["typ"] = "logout+jwt")).Token);
        Assert.Null(Read(Signed(_a, header: header => header.Remove("kid"))).Token);
    }

    [Theory]
    [InlineData(long.MaxValue)]
    [InlineData(long.MinValue)]
    [InlineData(253_402_300_800)]
    [InlineData(253_402_300_799)]
    public void A_time_beyond_all_times_is_none(long issued)
    {
        var token = Signed(_a, claims: claims =>
        {
            (claims["iat"], claims["nbf"]) = (issued, issued);
            claims["exp"] = unchecked(issued + 600);
        });

        Assert.Null(Read(token).Token);
    }

    [Fact]
    public void Keys_of_another_workspace_and_keys_that_were_replaced_sign_nothing()
    {
        using var stranger = new AgentSigner(ECDsa.Create(ECCurve.NamedCurves.nistP256));
        Assert.Null(Read(Token("a").Sign(stranger)).Token);
        Assert.Null(Read(Token("a").Sign(_a), State(("a", _a, Now))).Token);
        Assert.Null(Read(Token("a").Sign(_a), State(("b", _b, null))).Token);
        Assert.Contains("Another workspace", Read((Token("a") with { Issuer = "agentops/other" }).Sign(_a)).Refusal, StringComparison.Ordinal);
        Assert.Contains("somebody else", Read((Token("a") with { Audience = "https://orders.example" }).Sign(_a)).Refusal, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(-31, false)]
    [InlineData(-29, true)]
    [InlineData(0, true)]
    [InlineData(629, true)]
    [InlineData(630, false)]
    public void It_lasts_ten_minutes_and_half_a_minute_of_clocks_apart(int seconds, bool holds) =>
        Assert.Equal(holds, Read(Token("a").Sign(_a), now: Now.AddSeconds(seconds)).Token is not null);

    [Theory]
    [InlineData("exp", 86_400)]
    [InlineData("exp", 1)]
    [InlineData("nbf", -600)]
    [InlineData("iat", -600)]
    public void No_other_times_are_taken_from_whoever_has_the_key(string claim, int seconds) =>
        Assert.Null(Read(Signed(_a, claims: claims => claims[claim] = (long)claims[claim]! + seconds)).Token);

    [Theory]
    [InlineData("iss")]
    [InlineData("sub")]
    [InlineData("client_id")]
    [InlineData("act")]
    [InlineData("aud")]
    [InlineData("session")]
    [InlineData("jti")]
    [InlineData("iat")]
    [InlineData("nbf")]
    [InlineData("exp")]
    public void Nothing_may_be_missing_or_of_another_type(string claim)
    {
        Assert.Null(Read(Signed(_a, claims: claims => claims.Remove(claim))).Token);
        Assert.Null(Read(Signed(_a, claims: claims => claims[claim] = new JsonArray("a"))).Token);
    }

    [Fact]
    public void Any_text_is_judged_without_an_error_and_the_reason_repeats_none_of_it()
    {
        var parts = Signed(_a).Split('.');
        var pieces = Gen.Elements("", ".", "..", "e30", "eyJ", parts[0], parts[1], parts[2], "=", " ", "é", new string('A', 9000), "bnVsbA", "W10", "\0");
        Prop.ForAll(pieces.ArrayOf().Select(all => string.Concat(all)).ToArbitrary(), text =>
        {
            var (token, refusal) = Read(text);
            return text == string.Join('.', parts) || (token is null && refusal.Length is > 0 and < 100 && (text.Length < 20 || !refusal.Contains(text, StringComparison.Ordinal)));
        }).QuickCheckThrowOnFailure();
    }

    private (IdentityToken? Token, string Refusal) Read(string text, WorkspaceState? state = null, DateTimeOffset? now = null) =>
        IdentityTokenReader.Read(text, state ?? _state, Workspace, Workspace, now ?? Now);

    private static IdentityToken Token(string agent) => new()
    {
        Issuer = Workspace,
        Agent = agent,
        OnBehalfOf = "os:carol",
        Audience = Workspace,
        Scope = ["route:chat"],
        Session = "s1",
        Id = "t1",
        IssuedAt = Now,
    };

    /// <summary>A token of agent a with other contents, signed all the same.</summary>
    private static string Signed(AgentSigner signer, Action<JsonObject>? header = null, Action<JsonObject>? claims = null)
    {
        var parts = Token("a").Sign(signer).Split('.');
        var changed = new[] { (parts[0], header), (parts[1], claims) }.Select(part =>
        {
            var json = JsonNode.Parse(Base64Url.DecodeFromChars(part.Item1))!.AsObject();
            part.Item2?.Invoke(json);
            return Part(json);
        });
        var text = string.Join('.', changed);
        return $"{text}.{Base64Url.EncodeToString(signer.Sign(Encoding.ASCII.GetBytes(text)))}";
    }

    private static string Part(JsonObject json) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json.ToJsonString()));

    private static WorkspaceState State(params (string Name, AgentSigner Signer, DateTimeOffset? Retired)[] agents) => WorkspaceState.Empty with
    {
        Agents = WorkspaceState.Empty.Agents.AddRange(agents.Select(agent => KeyValuePair.Create(
            agent.Name,
            new Engine.Agents.AgentState(new() { Name = agent.Name, Route = "chat" }, Now, Now, false, 0, 0)
            {
                Keys = [new AgentKey(agent.Signer.Id, agent.Signer.X, agent.Signer.Y, Now, agent.Retired)],
            }))),
    };
}
