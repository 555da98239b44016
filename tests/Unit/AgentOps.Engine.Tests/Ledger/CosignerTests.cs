using System.Diagnostics;
using System.Security.Cryptography;
using AgentOps.Engine.Errors;
using AgentOps.Engine.Ledger;

namespace AgentOps.Engine.Tests.Ledger;

public sealed class CosignerTests : IDisposable
{
    private const string Name = "audit.example.org/second";
    private readonly LedgerFixture _fixture = new();

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public async Task An_anchor_carries_both_signatures_and_each_can_be_demanded()
    {
        using var cosigner = Cosigner.Open(Name, MakeKey("second.pem"));
        using var stranger = Cosigner.Open(Name, MakeKey("stranger.pem"));
        await using var store = await FillAsync(5);
        var plain = store.GetCheckpoint().Note;
        var anchor = await cosigner.SignAsync(store, null, CancellationToken.None);
        Assert.StartsWith(plain, anchor, StringComparison.Ordinal);
        await store.AppendAsync([LedgerFixture.Event(9)], CancellationToken.None);
        Assert.True(await VerifyAsync(store, anchor, cosigner) is { IsWhole: true, IsAnchored: true });
        Assert.Contains(Name, (await VerifyAsync(store, anchor, stranger)).Faults[0].What, StringComparison.Ordinal);
        Assert.False((await VerifyAsync(store, plain, cosigner)).IsWhole);
        Assert.False((await VerifyAsync(store, anchor, cosigner, stranger)).IsWhole);
        await Assert.ThrowsAsync<AgentOpsException>(async () => await VerifyAsync(store, null, cosigner));
    }

    [Fact]
    public async Task Nothing_is_signed_unless_the_ledger_is_whole_and_continues_what_was_signed_before()
    {
        using var cosigner = Cosigner.Open(Name, MakeKey("second.pem"));
        string first, second, old;
        await using (var store = await FillAsync(3))
        {
            first = await cosigner.SignAsync(store, null, CancellationToken.None);
            old = await File.ReadAllTextAsync(_fixture.Segment);
            await store.AppendAsync([LedgerFixture.Event(4)], CancellationToken.None);
            await store.RotateKeyAsync(CancellationToken.None);
            second = await cosigner.SignAsync(store, first, CancellationToken.None);
            Assert.True((await VerifyAsync(store, second, cosigner)).IsWhole);

            // What was not signed by this signer is no point to go on from: whoever holds the ledger's key alone can't make one.
            await AssertRefusedAsync(() => cosigner.SignAsync(store, store.GetCheckpoint().Note, CancellationToken.None));
            using var other = Cosigner.Open(Name, MakeKey("other.pem"));
            await AssertRefusedAsync(() => other.SignAsync(store, second, CancellationToken.None));
        }

        using var forked = new LedgerFixture();
        await using (var fork = await forked.OpenAsync())
        {
            await AssertRefusedAsync(() => cosigner.SignAsync(fork, second, CancellationToken.None));
        }

        using var rolledBack = new LedgerFixture();
        Directory.CreateDirectory(Path.GetDirectoryName(rolledBack.Segment)!);
        await File.WriteAllTextAsync(rolledBack.Segment, old);
        await using (var store = await rolledBack.OpenAsync())
        {
            Assert.True((await store.VerifyAsync(new LedgerVerificationOptions(), CancellationToken.None)).IsWhole);
            await AssertRefusedAsync(() => cosigner.SignAsync(store, second, CancellationToken.None));
        }
    }

    [Fact]
    public async Task The_second_signature_is_verified_by_openssl()
    {
        using var cosigner = Cosigner.Open(Name, MakeKey("second.pem"));
        await using var store = await FillAsync(2);
        var note = SignedNote.TryParse(await cosigner.SignAsync(store, null, CancellationToken.None))!;
        var (name, signature) = note.Signatures[^1];
        Assert.Equal(Name, name);
        using var key = VerifierKey.Parse(cosigner.VerifierKey);
        var paths = new[] { "pub.pem", "signature", "text" }.Select(file => Path.Combine(_fixture.Folder, file)).ToArray();
        await File.WriteAllTextAsync(paths[0], key.ToPem());
        await File.WriteAllBytesAsync(paths[1], signature[4..]);
        await File.WriteAllTextAsync(paths[2], note.Text);
        using var openssl = Process.Start(new ProcessStartInfo("openssl", ["dgst", "-sha256", "-verify", paths[0], "-signature", paths[1], paths[2]]) { RedirectStandardOutput = true })!;
        Assert.Equal("Verified OK\n", await openssl.StandardOutput.ReadToEndAsync());
    }

    [Fact]
    public void A_key_that_others_read_a_key_of_another_kind_and_a_name_with_a_space_are_refused()
    {
        var path = MakeKey("open.pem");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.OtherRead);
            AssertRefused(ErrorCodes.LedgerKeyExposed, Name, path);
        }

        AssertRefused(ErrorCodes.LedgerKeyInvalid, Name, MakeKey("p384.pem", ECCurve.NamedCurves.nistP384));
        AssertRefused(ErrorCodes.LedgerKeyInvalid, Name, Path.Combine(_fixture.Folder, "none.pem"));
        AssertRefused(ErrorCodes.NameInvalid, "second signer", path);
        AssertRefused(ErrorCodes.NameInvalid, "a+b", path);
    }

    private static void AssertRefused(ErrorCode code, string name, string path) =>
        Assert.Same(code, Assert.Throws<AgentOpsException>(() => Cosigner.Open(name, path).Dispose()).Code);

    private static async Task AssertRefusedAsync(Func<ValueTask<string>> sign) =>
        Assert.Same(ErrorCodes.LedgerTampered, (await Assert.ThrowsAsync<AgentOpsException>(async () => await sign())).Code);

    private static ValueTask<LedgerVerification> VerifyAsync(FileLedgerStore store, string? anchor, params Cosigner[] cosigners) => store.VerifyAsync(
        new LedgerVerificationOptions { Anchor = anchor, Cosigners = [.. cosigners.Select(cosigner => cosigner.VerifierKey)] }, CancellationToken.None);

    private async Task<FileLedgerStore> FillAsync(int count)
    {
        var store = await _fixture.OpenAsync();
        await store.AppendAsync([.. Enumerable.Range(0, count).Select(n => LedgerFixture.Event(n))], CancellationToken.None);
        return store;
    }

    private string MakeKey(string file, ECCurve? curve = null)
    {
        var path = Path.Combine(_fixture.Folder, file);
        Directory.CreateDirectory(_fixture.Folder);
        using var ecdsa = ECDsa.Create(curve ?? ECCurve.NamedCurves.nistP256);
        File.WriteAllText(path, ecdsa.ExportPkcs8PrivateKeyPem());
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        return path;
    }
}
