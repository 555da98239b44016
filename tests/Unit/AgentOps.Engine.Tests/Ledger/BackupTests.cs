using AgentOps.Engine.Errors;
using AgentOps.Engine.Ledger;

namespace AgentOps.Engine.Tests.Ledger;

public sealed class BackupTests : IDisposable
{
    private readonly LedgerFixture _fixture = new();
    private readonly LedgerFixture _other = new();

    public void Dispose()
    {
        _fixture.Dispose();
        _other.Dispose();
    }

    [Fact]
    public async Task A_backup_is_restored_and_goes_on()
    {
        var file = Path.Combine(_other.Folder, "backup.zip");
        string reference;
        await using (var store = await _fixture.OpenAsync())
        {
            reference = await new PayloadStore(_fixture.Folder).PutAsync("hello"u8.ToArray(), CancellationToken.None);
            await store.AppendAsync([LedgerFixture.Event(1, reference)], CancellationToken.None);
            var anchor = await LedgerBackup.CreateAsync(store, file, includeKey: true, CancellationToken.None);
            Assert.Equal(2, anchor.Size);
        }

        var target = Path.Combine(_other.Folder, "restored");
        var found = await LedgerBackup.RestoreAsync(file, target, new LedgerVerificationOptions(), replace: false, CancellationToken.None);
        Assert.Equal(2, found.Size);
        await using var restored = await _fixture.OpenAsync(options: _fixture.Options() with { Path = target });
        await restored.AppendAsync([LedgerFixture.Event(2)], CancellationToken.None);
        Assert.True((await restored.VerifyAsync(new LedgerVerificationOptions(), CancellationToken.None)).IsWhole);
        Assert.Equal("hello"u8.ToArray(), await new PayloadStore(target).GetAsync(reference, CancellationToken.None));
        Assert.Same(ErrorCodes.StoreExists, (await Assert.ThrowsAsync<AgentOpsException>(async () =>
            await LedgerBackup.RestoreAsync(file, target, new LedgerVerificationOptions(), replace: false, CancellationToken.None))).Code);
    }

    [Fact]
    public async Task A_restored_older_store_is_noticed_through_its_anchor_and_by_processes_that_run()
    {
        var file = Path.Combine(_other.Folder, "backup.zip");
        await using var store = await _fixture.OpenAsync();
        await store.AppendAsync([LedgerFixture.Event(1)], CancellationToken.None);
        await LedgerBackup.CreateAsync(store, file, includeKey: false, CancellationToken.None);
        await store.AppendAsync([LedgerFixture.Event(2)], CancellationToken.None);
        var anchor = store.GetCheckpoint().Note;
        Assert.Same(ErrorCodes.BackupInvalid, (await Assert.ThrowsAsync<AgentOpsException>(async () =>
            await LedgerBackup.RestoreAsync(file, _fixture.Folder, new LedgerVerificationOptions { Anchor = anchor }, replace: true, CancellationToken.None))).Code);
        await LedgerBackup.RestoreAsync(file, _fixture.Folder, new LedgerVerificationOptions(), replace: true, CancellationToken.None);
        Assert.Same(ErrorCodes.LedgerTampered, (await Assert.ThrowsAsync<AgentOpsException>(async () =>
            await store.AppendAsync([LedgerFixture.Event(3)], CancellationToken.None))).Code);
        await using var again = await _fixture.OpenAsync();
        await again.AppendAsync([LedgerFixture.Event(4)], CancellationToken.None);
        Assert.True((await again.VerifyAsync(new LedgerVerificationOptions(), CancellationToken.None)).IsWhole);
        Assert.False((await again.VerifyAsync(new LedgerVerificationOptions { Anchor = anchor }, CancellationToken.None)).IsWhole);
    }

    [Fact]
    public async Task What_is_no_backup_is_refused_and_changes_nothing()
    {
        var file = Path.Combine(_other.Folder, "backup.zip");
        await File.WriteAllTextAsync(file, "no zip");
        Assert.Same(ErrorCodes.BackupInvalid, (await Assert.ThrowsAsync<AgentOpsException>(async () =>
            await LedgerBackup.RestoreAsync(file, Path.Combine(_other.Folder, "x"), new LedgerVerificationOptions(), replace: false, CancellationToken.None))).Code);
        Assert.Empty(Directory.GetFileSystemEntries(Path.Combine(_other.Folder, "x")));
    }

    [Theory]
    [InlineData("nfs4", true)]
    [InlineData("cifs", true)]
    [InlineData("fuse.sshfs", true)]
    [InlineData("ext4", false)]
    [InlineData("apfs", false)]
    public void Network_file_systems_are_known_by_name(string format, bool isNetwork) => Assert.Equal(isNetwork, LedgerPlace.IsNetworkFormat(format));
}
