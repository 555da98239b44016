using System.Text.Json.Nodes;
using AgentOps.Engine.Errors;
using AgentOps.Engine.Ledger;

namespace AgentOps.Engine.Tests.Ledger;

public sealed class FileLedgerStoreTests : IDisposable
{
    private readonly LedgerFixture _fixture = new();

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public async Task What_is_appended_is_read_again_by_another_store()
    {
        await using (var store = await _fixture.OpenAsync())
        {
            var records = await store.AppendAsync([LedgerFixture.Event(1), LedgerFixture.Event(2, "zwei\n\"x\"")], CancellationToken.None);
            Assert.Equal([1, 2], records.Select(record => record.Sequence));
        }

        var projection = new CountingProjection();
        await using var again = await _fixture.OpenAsync(projection);
        Assert.Equal(2, projection.Count);
        Assert.Equal(3, projection.Sum);
        var read = await again.ReadAsync(new LedgerQuery { Type = "test.*" }, CancellationToken.None).ToListAsync();
        Assert.Equal("zwei\n\"x\"", read[1].Data.GetProperty("text").GetString());
        Assert.True((await again.VerifyAsync(new LedgerVerificationOptions(), CancellationToken.None)).IsWhole);
    }

    [Fact]
    public async Task Concurrent_decisions_see_each_other_and_share_batches()
    {
        var projection = new CountingProjection();
        await using var store = await _fixture.OpenAsync(projection);
        var granted = await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => Task.Run(async () => await store.TransactAsync(
            transaction =>
            {
                if (projection.Sum >= 50)
                {
                    return false;
                }

                transaction.Add(LedgerFixture.Event(1));
                return true;
            },
            CancellationToken.None))));
        Assert.Equal(50, granted.Count(value => value));
        Assert.Equal(50, projection.Sum);
    }

    [Fact]
    public async Task A_decision_that_throws_appends_nothing_and_harms_no_other()
    {
        var projection = new CountingProjection();
        await using var store = await _fixture.OpenAsync(projection);
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await store.TransactAsync<int>(
            transaction =>
            {
                transaction.Add(LedgerFixture.Event(1));
                throw new InvalidOperationException();
            },
            CancellationToken.None));
        await store.AppendAsync([LedgerFixture.Event(5)], CancellationToken.None);
        Assert.Equal(5, projection.Sum);
        Assert.Equal(2, store.Size);
    }

    [Fact]
    public async Task Eight_stores_of_one_process_share_a_folder()
    {
        var stores = new List<FileLedgerStore>();
        for (var i = 0; i < 8; i++)
        {
            stores.Add(await _fixture.OpenAsync());
        }

        await Task.WhenAll(stores.Select(store => Task.Run(async () =>
        {
            for (var i = 0; i < 50; i++)
            {
                await store.AppendAsync([LedgerFixture.Event(i)], CancellationToken.None);
            }
        })));
        await stores[0].RefreshAsync(CancellationToken.None);
        Assert.Equal(401, stores[0].Size);
        Assert.True((await stores[0].VerifyAsync(new LedgerVerificationOptions(), CancellationToken.None)).IsWhole);
        foreach (var store in stores)
        {
            await store.DisposeAsync();
        }
    }

    [Theory]
    [InlineData(1.5)]
    [InlineData(9007199254740992.0)]
    public async Task Fractions_and_large_numbers_are_refused(double value)
    {
        await using var store = await _fixture.OpenAsync();
        var exception = await Assert.ThrowsAsync<AgentOpsException>(async () => await store.AppendAsync(
            [new NewEvent("test.counted", 1, new JsonObject { ["n"] = value })], CancellationToken.None));
        Assert.Same(ErrorCodes.LedgerValueInvalid, exception.Code);
        await store.AppendAsync([LedgerFixture.Event(1)], CancellationToken.None);
    }

    [Fact]
    public async Task An_unknown_event_makes_the_store_read_only()
    {
        await using (var store = await _fixture.OpenAsync())
        {
            await store.AppendAsync([new NewEvent("test.new", 1, [])], CancellationToken.None);
        }

        var projection = new CountingProjection();
        projection.Unknown.Add("test.new");
        await using var old = await _fixture.OpenAsync(projection);
        Assert.True(old.IsReadOnly);
        Assert.Contains("test.new", old.ReadOnlyReason, StringComparison.Ordinal);
        var exception = await Assert.ThrowsAsync<AgentOpsException>(async () => await old.AppendAsync([LedgerFixture.Event(1)], CancellationToken.None));
        Assert.Same(ErrorCodes.LedgerReadOnly, exception.Code);
        Assert.Equal(2, await old.ReadAsync(new LedgerQuery(), CancellationToken.None).CountAsync());
    }

    [Fact]
    public async Task A_torn_tail_is_cut_and_the_cut_is_recorded()
    {
        await using (var store = await _fixture.OpenAsync())
        {
            await store.AppendAsync([LedgerFixture.Event(1)], CancellationToken.None);
        }

        await File.AppendAllTextAsync(_fixture.Segment, "{\"actor\":{\"ho");
        await using var again = await _fixture.OpenAsync();
        var last = await again.ReadAsync(new LedgerQuery { Newest = 1 }, CancellationToken.None).SingleAsync();
        Assert.Equal("ledger.recovered", last.Type);
        Assert.Equal(13, last.Data.GetProperty("cutBytes").GetInt64());
        Assert.True((await again.VerifyAsync(new LedgerVerificationOptions(), CancellationToken.None)).IsWhole);
    }

    [Fact]
    public async Task An_edited_record_stops_the_store()
    {
        await using (var store = await _fixture.OpenAsync())
        {
            await store.AppendAsync([LedgerFixture.Event(1)], CancellationToken.None);
            await store.AppendAsync([LedgerFixture.Event(2)], CancellationToken.None);
        }

        var text = await File.ReadAllTextAsync(_fixture.Segment);
        await File.WriteAllTextAsync(_fixture.Segment, text.Replace("\"n\":1", "\"n\":7", StringComparison.Ordinal));
        var exception = await Assert.ThrowsAsync<AgentOpsException>(() => _fixture.OpenAsync());
        Assert.Same(ErrorCodes.LedgerTampered, exception.Code);
        Assert.Contains("000000.jsonl", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_key_is_readable_by_its_owner_alone()
    {
        await using var store = await _fixture.OpenAsync();
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(_fixture.Folder, "keys", "ledger.key")));
        }
    }
}
