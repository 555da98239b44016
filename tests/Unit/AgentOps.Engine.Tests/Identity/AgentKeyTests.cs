using System.Text.Json;
using AgentOps.Engine.Configuration;
using AgentOps.Engine.Errors;
using AgentOps.Engine.Identity;
using AgentOps.Engine.Ledger;
using AgentOps.Engine.Tests.Routing;
using AgentOps.Engine.Workspaces;

namespace AgentOps.Engine.Tests.Identity;

/// <summary>Where agents' keys lie, and how they are replaced.</summary>
public sealed class AgentKeyTests : IDisposable
{
    private readonly string _store = Directory.CreateTempSubdirectory("agentops-keys-").FullName;

    private string Keys => Path.Combine(_store, "keys", "agents");

    public void Dispose() => Directory.Delete(_store, recursive: true);

    // RFC 7638, 3.1 has its example for RSA; this one is the key of RFC 7517, appendix A.1, whose thumbprint was computed with jose 6.2.17.
    [Fact]
    public void A_key_is_named_by_its_thumbprint()
    {
        using var key = System.Security.Cryptography.ECDsa.Create();
        key.ImportParameters(new System.Security.Cryptography.ECParameters
        {
            Curve = System.Security.Cryptography.ECCurve.NamedCurves.nistP256,
            Q = new System.Security.Cryptography.ECPoint
            {
                X = System.Buffers.Text.Base64Url.DecodeFromChars("MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4"),
                Y = System.Buffers.Text.Base64Url.DecodeFromChars("4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM"),
            },
        });

        using var signer = new AgentSigner(key);

        Assert.Equal("cn-I_WNMClehiVp51i_0VpOENW1upEerA8sEam5hn-s", signer.Id);
    }

    [Fact]
    public async Task A_replaced_key_is_vouched_for_until_its_last_token_has_expired_and_its_private_half_is_gone_at_once()
    {
        var time = new ManualTime();
        await using var workspace = await OpenAsync(time);
        var first = Assert.Single(Ids(await workspace.Identities.ExportAsync([], CancellationToken.None)));
        Assert.Equal([first + ".key"], Directory.GetFiles(Keys).Select(Path.GetFileName));
        Assert.Equal(first, Assert.Single(Ids(await workspace.Identities.ExportAsync(["a"], CancellationToken.None))));

        var second = await workspace.Identities.RotateAsync("A", CancellationToken.None);

        Assert.NotEqual(first, second.Id);
        Assert.Equal([second.Id + ".key"], Directory.GetFiles(Keys).Select(Path.GetFileName));
        time.Advance(IdentityToken.Lifetime - TimeSpan.FromSeconds(1));
        Assert.Equal([first, second.Id], Ids(await workspace.Identities.ExportAsync([], CancellationToken.None)));
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal([second.Id], Ids(await workspace.Identities.ExportAsync([], CancellationToken.None)));
    }

    [Fact]
    public async Task Two_processes_agree_on_one_key_and_a_host_that_lost_its_own_makes_another()
    {
        await using var one = await OpenAsync();
        await using var two = await Workspace.OpenAsync(new WorkspaceOptions { Store = _store }, CancellationToken.None);
        var first = Assert.Single(Ids(await one.Identities.ExportAsync([], CancellationToken.None)));
        Assert.Equal(first, Assert.Single(Ids(await two.Identities.ExportAsync([], CancellationToken.None))));

        File.Delete(Path.Combine(Keys, first + ".key"));
        await using var three = await Workspace.OpenAsync(new WorkspaceOptions { Store = _store }, CancellationToken.None);

        Assert.Equal(2, Ids(await three.Identities.ExportAsync([], CancellationToken.None)).Length);
    }

    [Fact]
    public async Task A_key_that_others_can_read_is_not_used()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        await using var one = await OpenAsync();
        var id = Assert.Single(Ids(await one.Identities.ExportAsync([], CancellationToken.None)));
        var file = Path.Combine(Keys, id + ".key");
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead);
        await using var two = await Workspace.OpenAsync(new WorkspaceOptions { Store = _store }, CancellationToken.None);

        var fault = await Assert.ThrowsAsync<AgentOpsException>(() => two.Identities.ExportAsync([], CancellationToken.None));

        Assert.Equal(ErrorCodes.AgentKeyUnusable, fault.Code);
    }

    [Fact]
    public async Task Only_the_public_half_is_in_the_ledger()
    {
        await using var workspace = await OpenAsync();
        await workspace.Identities.ExportAsync([], CancellationToken.None);
        var key = await File.ReadAllTextAsync(Directory.GetFiles(Keys).Single());
        var secret = key.Split('\n')[1][20..];

        await foreach (var record in workspace.Ledger.ReadAsync(new LedgerQuery(), CancellationToken.None))
        {
            Assert.DoesNotContain(secret, record.Data.GetRawText(), StringComparison.Ordinal);
            if (record.Type == EventTypes.AgentKeyAdded)
            {
                Assert.Equal(["kid", "name", "x", "y"], record.Data.EnumerateObject().Select(member => member.Name).Order());
            }
        }
    }

    private async Task<Workspace> OpenAsync(TimeProvider? time = null)
    {
        var workspace = await Workspace.OpenAsync(new WorkspaceOptions { Store = _store, Time = time ?? TimeProvider.System }, CancellationToken.None);
        await workspace.Configuration.ImportAsync(ConfigurationSet.Parse(
            """
            apiVersion: agentops/v1
            kind: Provider
            name: p
            protocol: simulated
            ---
            apiVersion: agentops/v1
            kind: Route
            name: r
            targets: [{provider: p, model: m}]
            ---
            apiVersion: agentops/v1
            kind: Agent
            name: a
            route: r
            """,
            "a.yaml"), CancellationToken.None);
        return workspace;
    }

    private static string[] Ids(string keySet) =>
        [.. JsonDocument.Parse(keySet).RootElement.GetProperty("keys").EnumerateArray().Select(key => key.GetProperty("kid").GetString()!)];
}
