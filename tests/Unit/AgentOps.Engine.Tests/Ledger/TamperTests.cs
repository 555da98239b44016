using System.Diagnostics;
using System.Text;
using AgentOps.Engine.Errors;
using AgentOps.Engine.Ledger;

namespace AgentOps.Engine.Tests.Ledger;

public sealed class TamperTests : IDisposable
{
    private readonly LedgerFixture _fixture = new();

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public async Task Every_flipped_bit_is_found_by_verification()
    {
        await FillAsync(4);
        var whole = await File.ReadAllBytesAsync(_fixture.Segment);
        for (var i = 0; i < whole.Length; i = i + 7 < whole.Length || i == whole.Length - 1 ? i + 7 : whole.Length - 1)
        {
            var bytes = whole.ToArray();
            bytes[i] ^= (byte)(1 << (i % 8));
            await File.WriteAllBytesAsync(_fixture.Segment, bytes);
            var verification = Verify();
            Assert.False(verification.IsWhole, $"byte {i} of {whole.Length}");
            Assert.StartsWith("000000.jsonl:", verification.Faults[0].Line, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_deleted_swapped_or_cut_line_is_found_and_the_store_refuses_to_run()
    {
        await FillAsync(6);
        var lines = await File.ReadAllLinesAsync(_fixture.Segment);
        string[][] attacks =
        [
            [.. lines[..4], .. lines[5..]],
            [.. lines[..4], lines[5], lines[4], .. lines[6..]],
            [.. lines[..4], lines[6], lines[5], lines[4], .. lines[7..]],
            [.. lines[..2], lines[4], lines[3], lines[2], .. lines[5..]],
            lines[2..],
            lines[..^2],
            lines[..^4],
            [.. lines, lines[^2]  + " ", "# 8 AAAA BBBB"],
        ];
        foreach (var attack in attacks)
        {
            await File.WriteAllTextAsync(_fixture.Segment, string.Join('\n', attack) + "\n");
            var exception = await Assert.ThrowsAsync<AgentOpsException>(() => _fixture.OpenAsync());
            Assert.Same(ErrorCodes.LedgerTampered, exception.Code);
            Assert.False(Verify().IsWhole);
        }
    }

    [Fact]
    public async Task A_fault_says_where_what_and_since_when()
    {
        await FillAsync(3);
        var lines = await File.ReadAllLinesAsync(_fixture.Segment);
        lines[4] = lines[4].Replace("\"n\":2", "\"n\":9", StringComparison.Ordinal);
        await File.WriteAllTextAsync(_fixture.Segment, string.Join('\n', lines) + "\n");
        var fault = Assert.Single(Verify().Faults);
        Assert.Equal("000000.jsonl:6", fault.Line);
        Assert.Contains("record", fault.What, StringComparison.OrdinalIgnoreCase);
        Assert.NotNull(fault.Since);
    }

    [Fact]
    public async Task An_old_ledger_with_its_old_checkpoint_is_found_with_an_anchor_and_not_without()
    {
        await FillAsync(3);
        var old = Path.Combine(_fixture.Folder, "old");
        Copy(Path.Combine(_fixture.Folder, "ledger"), old);
        await FillAsync(3);
        string anchor;
        await using (var store = await _fixture.OpenAsync())
        {
            anchor = store.GetCheckpoint().Note;
        }

        Assert.True(Verify(new LedgerVerificationOptions { Anchor = anchor }) is { IsWhole: true, IsAnchored: true });
        Directory.Delete(Path.Combine(_fixture.Folder, "ledger"), recursive: true);
        Copy(old, Path.Combine(_fixture.Folder, "ledger"));
        Assert.True(Verify().IsWhole);
        Assert.False(Verify(new LedgerVerificationOptions { Anchor = anchor }).IsWhole);
        await using (var store = await _fixture.OpenAsync())
        {
            await store.AppendAsync([.. Enumerable.Range(0, 9).Select(n => LedgerFixture.Event(n))], CancellationToken.None);
        }

        Assert.True(Verify().IsWhole);
        Assert.Contains("anchor", Verify(new LedgerVerificationOptions { Anchor = anchor }).Faults[0].What, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_swapped_key_stops_the_store_and_a_rewritten_ledger_is_found_by_the_pinned_key()
    {
        await FillAsync(2);
        string pinned;
        await using (var store = await _fixture.OpenAsync())
        {
            pinned = store.VerifierKey;
        }

        using var other = new LedgerFixture();
        await (await other.OpenAsync()).DisposeAsync();
        File.Copy(Path.Combine(other.Folder, "keys", "ledger.key"), Path.Combine(_fixture.Folder, "keys", "ledger.key"), overwrite: true);
        var exception = await Assert.ThrowsAsync<AgentOpsException>(() => _fixture.OpenAsync());
        Assert.Same(ErrorCodes.LedgerKeyInvalid, exception.Code);
        var verifier = new LedgerVerifier(new VerifiableFolder(new LedgerFolder(other.Folder), new DiskFiles()));
        Assert.True(new LedgerVerifier(new VerifiableFolder(new LedgerFolder(other.Folder), new DiskFiles())).Verify(new LedgerVerificationOptions(), CancellationToken.None).IsWhole);
        Assert.False(verifier.Verify(new LedgerVerificationOptions { VerifierKey = pinned }, CancellationToken.None).IsWhole);
        Assert.True(Verify(new LedgerVerificationOptions { VerifierKey = pinned }) is { IsWhole: true, IsPinned: true });
    }

    [Fact]
    public async Task An_edited_snapshot_grants_nothing()
    {
        await FillAsync(600);
        var path = Path.Combine(_fixture.Folder, "ledger", ".state", "snapshot");
        var text = await File.ReadAllTextAsync(path);
        Assert.Contains("600 ", text, StringComparison.Ordinal);
        string[] edits = [text.Replace("\n600 ", "\n999 ", StringComparison.Ordinal), text[..^3], "x", text.Replace("\"size\"", "\"sizes\"", StringComparison.Ordinal)];
        foreach (var edit in edits)
        {
            await File.WriteAllTextAsync(path, edit);
            var projection = new CountingProjection();
            await using var store = await _fixture.OpenAsync(projection);
            Assert.Equal(600, projection.Count);
        }
    }

    [Fact]
    public async Task Opening_from_a_snapshot_gives_the_state_of_a_replay()
    {
        await FillAsync(700);
        await FillAsync(5);
        var (fast, slow) = (new CountingProjection(), new CountingProjection());
        await (await _fixture.OpenAsync(fast)).DisposeAsync();
        File.Delete(Path.Combine(_fixture.Folder, "ledger", ".state", "snapshot"));
        await using var store = await _fixture.OpenAsync(slow);
        Assert.Equal((slow.Count, slow.Sum), (fast.Count, fast.Sum));
    }

    [Fact]
    public async Task A_key_readable_by_others_stops_the_store()
    {
        await FillAsync(1);
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        File.SetUnixFileMode(Path.Combine(_fixture.Folder, "keys", "ledger.key"), UnixFileMode.UserRead | UnixFileMode.GroupRead);
        Assert.Same(ErrorCodes.LedgerKeyExposed, (await Assert.ThrowsAsync<AgentOpsException>(() => _fixture.OpenAsync())).Code);
    }

    [Fact]
    public async Task A_rotated_key_is_proved_by_the_old_one_and_the_old_one_signs_no_more()
    {
        string first, second;
        await using (var store = await _fixture.OpenAsync())
        {
            first = store.VerifierKey;
            await store.AppendAsync([LedgerFixture.Event(1)], CancellationToken.None);
            second = await store.RotateKeyAsync(CancellationToken.None);
            await store.AppendAsync([LedgerFixture.Event(2)], CancellationToken.None);
        }

        await FillAsync(2);
        Assert.NotEqual(first, second);
        Assert.True(Verify(new LedgerVerificationOptions { VerifierKey = first }).IsWhole);
        Assert.True(Verify(new LedgerVerificationOptions { VerifierKey = second }).IsWhole);
        Assert.Equal(second, Verify().VerifierKey);
        Assert.Equal(second, (await File.ReadAllTextAsync(Path.Combine(_fixture.Folder, "keys", "ledger.vkey"))).Trim());
    }

    [Fact]
    public async Task Openssl_verifies_a_checkpoint()
    {
        await FillAsync(3);
        var note = await File.ReadAllTextAsync(_fixture.Checkpoint);
        var split = note.IndexOf("\n\n", StringComparison.Ordinal);
        var signature = Convert.FromBase64String(note[(split + 2)..].Trim().Split(' ')[2]);
        var folder = _fixture.Folder;
        await File.WriteAllTextAsync(Path.Combine(folder, "text"), note[..(split + 1)]);
        await File.WriteAllBytesAsync(Path.Combine(folder, "signature"), signature[4..]);
        using var key = VerifierKey.Parse(await File.ReadAllTextAsync(Path.Combine(folder, "keys", "ledger.vkey")));
        await File.WriteAllTextAsync(Path.Combine(folder, "pem"), key.ToPem());
        using var process = Process.Start(new ProcessStartInfo("openssl", ["dgst", "-sha256", "-verify", "pem", "-signature", "signature", "text"])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
        })!;
        Assert.Equal("Verified OK", (await process.StandardOutput.ReadToEndAsync()).Trim());
    }

    [Fact]
    public async Task Tiles_are_those_of_the_format_and_mend_themselves()
    {
        await FillAsync(600);
        var tiles = Path.Combine(_fixture.Folder, "ledger", "tile");
        await CheckTilesAsync(601);
        File.Delete(Path.Combine(tiles, "0", "001"));
        await File.WriteAllBytesAsync(Path.Combine(tiles, "1", "000.p", "2"), new byte[64]);
        await FillAsync(300);
        await CheckTilesAsync(901);
    }

    private async Task CheckTilesAsync(long size)
    {
        var note = SignedNote.TryParse(await File.ReadAllTextAsync(_fixture.Checkpoint))!;
        Assert.Equal(size, note.Size);
        var tree = new TileTree(new LedgerFolder(_fixture.Folder), new DiskFiles(), size);
        Assert.Equal(note.Root, MerkleProof.GetRange(0, size, tree.GetNode));
        var lines = (await File.ReadAllLinesAsync(_fixture.Segment)).Where(line => !line.StartsWith('#')).ToArray();
        var bundle = await File.ReadAllBytesAsync(Path.Combine(_fixture.Folder, "ledger", "tile", "entries", "001"));
        Assert.Equal(Encoding.UTF8.GetBytes(lines[256]), bundle[2..(2 + (bundle[0] << 8) + bundle[1])]);
        Assert.Equal(MerkleHash.Leaf(Encoding.UTF8.GetBytes(lines[300])), tree.GetNode(0, 300));
    }

    private async Task FillAsync(int count)
    {
        await using var store = await _fixture.OpenAsync();
        var events = Enumerable.Range(1, count).Select(n => LedgerFixture.Event(n)).ToList();
        if (count > 20)
        {
            await store.AppendAsync(events, CancellationToken.None);
            return;
        }

        foreach (var newEvent in events)
        {
            await store.AppendAsync([newEvent], CancellationToken.None);
        }
    }

    private LedgerVerification Verify(LedgerVerificationOptions? options = null) =>
        new LedgerVerifier(new VerifiableFolder(new LedgerFolder(_fixture.Folder), new DiskFiles())).Verify(options ?? new LedgerVerificationOptions(), CancellationToken.None);

    private static void Copy(string from, string to)
    {
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }
}
