using AgentOps.Engine.Ledger;

namespace AgentOps.Engine.Tests.Ledger;

public sealed class MemoryStoreTests
{
    [Fact]
    public async Task What_is_signed_later_is_whole_whenever_it_is_asked_for()
    {
        var projection = new CountingProjection();
        var opened = await LedgerStores.OpenAsync(
            LedgerStores.Memory, "unused", new Actor(null, "alice", "host", "test:1"), null, projection, TimeProvider.System, CancellationToken.None);
        await using var store = (FileLedgerStore)opened.Store;

        for (var round = 1; round <= 3; round++)
        {
            for (var i = 0; i < 300; i++)
            {
                await store.AppendAsync([LedgerFixture.Event(1)], CancellationToken.None);
            }

            var verification = await store.VerifyAsync(new LedgerVerificationOptions(), CancellationToken.None);
            Assert.True(verification.IsWhole, string.Join('\n', verification.Faults.Select(fault => fault.What)));
            Assert.Equal((round * 300) + 1, store.GetCheckpoint().Size);
            Assert.Equal(round * 300, projection.Count);
            Assert.NotEmpty(await store.GetInclusionProofAsync(round, CancellationToken.None));
        }

        await store.RotateKeyAsync(CancellationToken.None);
        await store.AppendAsync([LedgerFixture.Event(1)], CancellationToken.None);
        Assert.True((await store.VerifyAsync(new LedgerVerificationOptions(), CancellationToken.None)).IsWhole);
        Assert.Equal(901, (await store.ReadAsync(new LedgerQuery { Type = "test.*" }, CancellationToken.None).ToListAsync()).Count);
    }

    [Fact]
    public async Task Nothing_of_it_reaches_the_disk_and_two_of_them_share_nothing()
    {
        var actor = new Actor(null, "alice", "host", "test:1");
        var one = await LedgerStores.OpenAsync(LedgerStores.Memory, "unused", actor, null, new CountingProjection(), TimeProvider.System, CancellationToken.None);
        var two = await LedgerStores.OpenAsync(LedgerStores.Memory, "unused", actor, null, new CountingProjection(), TimeProvider.System, CancellationToken.None);
        await using var first = one.Store;
        await using var second = two.Store;

        await first.AppendAsync([LedgerFixture.Event(1)], CancellationToken.None);
        var reference = await one.Payloads.PutAsync("hello"u8.ToArray(), CancellationToken.None);

        Assert.Equal((2, 1), (first.Size, second.Size));
        Assert.Equal("hello"u8.ToArray(), await one.Payloads.GetAsync(reference, CancellationToken.None));
        Assert.False(Directory.Exists(Path.Combine(Path.GetTempPath(), "agentops-memory")));
    }
}
