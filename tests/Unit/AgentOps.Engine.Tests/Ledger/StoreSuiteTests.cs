using System.Text;
using System.Text.Json.Nodes;
using AgentOps.Engine.Errors;
using AgentOps.Engine.Ledger;

namespace AgentOps.Engine.Tests.Ledger;

/// <summary>What every store must do, asked of each.</summary>
public sealed class StoreSuiteTests(PostgresServer server) : IClassFixture<PostgresServer>, IDisposable
{
    private readonly LedgerFixture _fixture = new();
    private readonly string _workspace = Path.GetRandomFileName();

    public static TheoryData<StoreKind> Kinds => PostgresServer.Programs is null ? [StoreKind.File] : [StoreKind.File, StoreKind.Postgres];

    public void Dispose() => _fixture.Dispose();

    [PostgresFact]
    public void The_suite_runs_against_a_real_server() => Assert.Equal("1", Connected().Query("SELECT 1"));

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task What_is_appended_is_read_again(StoreKind kind)
    {
        await using (var store = await OpenAsync(kind))
        {
            await store.AppendAsync([LedgerFixture.Event(1), LedgerFixture.Event(2, "zwei\n\"x\" €")], CancellationToken.None);
        }

        var projection = new CountingProjection();
        await using var again = await OpenAsync(kind, projection);
        Assert.Equal((2, 3), (projection.Count, projection.Sum));
        var read = await again.ReadAsync(new LedgerQuery { Type = "test.*" }, CancellationToken.None).ToListAsync();
        Assert.Equal("zwei\n\"x\" €", read[1].Data.GetProperty("text").GetString());
        await AssertWholeAsync(again);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Hosts_at_once_keep_one_order_and_one_limit(StoreKind kind)
    {
        var stores = new List<(ILedgerStore Store, CountingProjection Projection)>();
        for (var i = 0; i < 4; i++)
        {
            var projection = new CountingProjection();
            stores.Add((await OpenAsync(kind, projection), projection));
        }

        var granted = await Task.WhenAll(stores.SelectMany(item => Enumerable.Range(0, 30).Select(_ => Task.Run(async () =>
            await item.Store.TransactAsync(
                transaction =>
                {
                    if (item.Projection.Sum >= 70)
                    {
                        return false;
                    }

                    transaction.Add(LedgerFixture.Event(1));
                    return true;
                },
                CancellationToken.None)))));
        Assert.Equal(70, granted.Count(value => value));
        foreach (var (store, projection) in stores)
        {
            await store.RefreshAsync(CancellationToken.None);
            Assert.Equal(70, projection.Sum);
            await AssertWholeAsync(store);
            await store.DisposeAsync();
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_decision_that_throws_or_adds_what_cannot_be_recorded_appends_nothing(StoreKind kind)
    {
        var projection = new CountingProjection();
        await using var store = await OpenAsync(kind, projection);
        var refused = await Assert.ThrowsAsync<AgentOpsException>(async () => await store.AppendAsync(
            [LedgerFixture.Event(1), new NewEvent("test.counted", 1, new JsonObject { ["n"] = 0.5 })], CancellationToken.None));
        Assert.Same(ErrorCodes.LedgerValueInvalid, refused.Code);
        var large = await Assert.ThrowsAsync<AgentOpsException>(async () => await store.AppendAsync(
            [LedgerFixture.Event(1, new string('x', 70_000))], CancellationToken.None));
        Assert.Same(ErrorCodes.LedgerRecordTooLarge, large.Code);
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await store.TransactAsync<int>(
            transaction =>
            {
                transaction.Add(LedgerFixture.Event(1));
                throw new InvalidOperationException();
            },
            CancellationToken.None));
        await store.AppendAsync([LedgerFixture.Event(5, new string('x', 60_000))], CancellationToken.None);
        Assert.Equal(5, projection.Sum);
        await AssertWholeAsync(store);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_query_gives_what_the_naive_filter_gives(StoreKind kind)
    {
        await using var store = await OpenAsync(kind);
        for (var i = 0; i < 60; i++)
        {
            await store.AppendAsync(
                [
                    new NewEvent(i % 3 == 0 ? "test.call" : "test.Calling", 1, new JsonObject { ["n"] = i, ["text"] = ",\"session\":\"s1\"" })
                    {
                        Agent = i % 4 == 0 ? null : $"Agent-{i % 4}",
                        Session = i % 5 == 0 ? null : $"s{i % 5}",
                        Task = i % 2 == 0 ? "t\"%_" : null,
                    },
                ],
                CancellationToken.None);
        }

        var all = await store.ReadAsync(new LedgerQuery(), CancellationToken.None).ToListAsync();
        Assert.Equal(61, all.Count);
        LedgerQuery[] queries =
        [
            new() { Type = "TEST.call" },
            new() { Type = "test.call*" },
            new() { Type = "*ing" },
            new() { Agent = "agent-?" },
            new() { Agent = "AGENT-2", Session = "s1" },
            new() { Session = "s1" },
            new() { Session = "S1" },
            new() { Task = "t\"%_" },
            new() { Task = "t\"%" },
            new() { After = all[20].Time, Before = all[40].Time },
            new() { FromSequence = 50 },
            new() { Session = "s2", First = 3, Skip = 2 },
            new() { Type = "test.call", Newest = 4 },
            new() { Newest = 0 },
            new() { First = 0 },
        ];
        foreach (var query in queries)
        {
            var filter = new LedgerFilter(query);
            var expected = all.Where(filter.Matches).Skip((int)query.Skip).Take((int)(query.First ?? int.MaxValue)).TakeLast(query.Newest ?? int.MaxValue);
            var found = await store.ReadAsync(query, CancellationToken.None).Select(record => record.Sequence).ToListAsync();
            Assert.Equal(expected.Select(record => record.Sequence), found);
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_follower_sees_what_another_host_appends(StoreKind kind)
    {
        await using var writer = await OpenAsync(kind);
        await using var reader = await OpenAsync(kind);
        await writer.AppendAsync([LedgerFixture.Event(1)], CancellationToken.None);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        var seen = new List<long>();
        await foreach (var record in reader.ReadAsync(new LedgerQuery { Type = "test.*", Follow = true }, limit.Token))
        {
            seen.Add(record.Data.GetProperty("n").GetInt64());
            if (seen.Count == 4)
            {
                break;
            }

            await writer.AppendAsync([LedgerFixture.Event(seen.Count + 1)], CancellationToken.None);
        }

        Assert.Equal([1, 2, 3, 4], seen);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Hosts_of_mixed_versions_live_on_one_store(StoreKind kind)
    {
        await using var newer = await OpenAsync(kind);
        var projection = new CountingProjection();
        projection.Unknown.Add("test.new");
        await using var older = await OpenAsync(kind, projection);
        await older.AppendAsync([LedgerFixture.Event(1)], CancellationToken.None);
        Assert.False(older.IsReadOnly);
        await newer.AppendAsync([new NewEvent("test.new", 1, new JsonObject { ["n"] = 100 }), LedgerFixture.Event(2)], CancellationToken.None);
        await older.RefreshAsync(CancellationToken.None);
        Assert.True(older.IsReadOnly);
        Assert.Contains("test.new", older.ReadOnlyReason, StringComparison.Ordinal);
        var exception = await Assert.ThrowsAsync<AgentOpsException>(async () => await older.AppendAsync([LedgerFixture.Event(3)], CancellationToken.None));
        Assert.Same(ErrorCodes.LedgerReadOnly, exception.Code);
        Assert.Equal(1, projection.Sum);
        Assert.Equal(4, await older.ReadAsync(new LedgerQuery(), CancellationToken.None).CountAsync());
        await newer.AppendAsync([LedgerFixture.Event(4)], CancellationToken.None);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_snapshot_gives_the_state_of_a_replay_and_a_forged_one_nothing(StoreKind kind)
    {
        await using (var store = await OpenAsync(kind))
        {
            await store.AppendAsync([.. Enumerable.Range(1, 600).Select(n => LedgerFixture.Event(n))], CancellationToken.None);
        }

        var (fast, slow) = (new CountingProjection(), new CountingProjection());
        await (await OpenAsync(kind, fast)).DisposeAsync();
        if (kind == StoreKind.File)
        {
            await File.WriteAllTextAsync(Path.Combine(_fixture.Folder, "ledger", ".state", "snapshot"), "forged");
        }
        else
        {
            Assert.Equal("UPDATE 1", Connected().Query($"UPDATE agentops_snapshot SET body = substring(body for length(body) - 1) || '9'::bytea WHERE workspace = '{_workspace}'"));
        }

        await using var again = await OpenAsync(kind, slow);
        Assert.Equal((600, 180300), (slow.Count, slow.Sum));
        Assert.Equal((slow.Count, slow.Sum), (fast.Count, fast.Sum));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task An_edited_record_is_found_and_stops_the_store(StoreKind kind)
    {
        await using (var store = await OpenAsync(kind))
        {
            for (var n = 1; n <= 5; n++)
            {
                await store.AppendAsync([LedgerFixture.Event(n)], CancellationToken.None);
            }
        }

        if (kind == StoreKind.File)
        {
            var text = await File.ReadAllTextAsync(_fixture.Segment);
            await File.WriteAllTextAsync(_fixture.Segment, text.Replace("\"n\":3", "\"n\":7", StringComparison.Ordinal));
        }
        else
        {
            Connected().Query($"UPDATE agentops_record SET line = convert_to(replace(convert_from(line, 'UTF8'), '\"n\":3', '\"n\":7'), 'UTF8') WHERE workspace = '{_workspace}' AND seq = 3");
        }

        Assert.Same(ErrorCodes.LedgerTampered, (await Assert.ThrowsAsync<AgentOpsException>(() => OpenAsync(kind))).Code);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_key_is_rotated_while_another_host_writes(StoreKind kind)
    {
        await using var one = await OpenAsync(kind);
        await using var two = await OpenAsync(kind);
        await two.AppendAsync([LedgerFixture.Event(1)], CancellationToken.None);
        var before = one.GetCheckpoint().Origin;
        var key = await one.RotateKeyAsync(CancellationToken.None);
        await two.AppendAsync([LedgerFixture.Event(2)], CancellationToken.None);
        await one.AppendAsync([LedgerFixture.Event(3)], CancellationToken.None);
        Assert.Equal(before, one.GetCheckpoint().Origin);
        var verification = await two.VerifyAsync(new LedgerVerificationOptions { VerifierKey = key }, CancellationToken.None);
        Assert.True(verification.IsWhole, string.Join("; ", verification.Faults));
        Assert.Equal(key, verification.VerifierKey);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Proofs_hold_for_what_is_in_the_ledger_and_for_nothing_else(StoreKind kind)
    {
        await using var store = await OpenAsync(kind);
        await store.AppendAsync([.. Enumerable.Range(1, 300).Select(n => LedgerFixture.Event(n))], CancellationToken.None);
        var anchor = store.GetCheckpoint();
        await store.AppendAsync([.. Enumerable.Range(1, 333).Select(n => LedgerFixture.Event(n))], CancellationToken.None);
        var key = store is FileLedgerStore file ? file.VerifierKey : ((PostgresLedgerStore)store).VerifierKey;
        var export = new MemoryStream();
        Assert.Equal(634, await LedgerExporter.ExportAsync(store, LedgerExportFormat.Jsonl, new LedgerQuery(), export, CancellationToken.None));
        var lines = Encoding.UTF8.GetString(export.ToArray()).Split('\n');
        foreach (var sequence in new[] { 0, 1, 255, 256, 300, 633 })
        {
            var proof = await store.GetInclusionProofAsync(sequence, CancellationToken.None);
            Assert.True(LedgerProof.VerifyInclusion(proof, Encoding.UTF8.GetBytes(lines[sequence]), key));
            Assert.False(LedgerProof.VerifyInclusion(proof, Encoding.UTF8.GetBytes(lines[sequence].Replace("\"n\":", "\"n\":1", StringComparison.Ordinal) + " "), key));
        }

        var consistency = await store.GetConsistencyProofAsync(anchor.Note, CancellationToken.None);
        Assert.True(LedgerProof.VerifyConsistency(consistency, anchor.Note, key));
        var other = anchor.Note.Replace(anchor.Root, MerkleHash.Leaf("x"u8).ToString(), StringComparison.Ordinal);
        Assert.Same(ErrorCodes.LedgerTampered, (await Assert.ThrowsAsync<AgentOpsException>(async () => await store.GetConsistencyProofAsync(other, CancellationToken.None))).Code);
        var longer = anchor.Note.Replace("\n301\n", "\n3010\n", StringComparison.Ordinal);
        Assert.Same(ErrorCodes.LedgerTampered, (await Assert.ThrowsAsync<AgentOpsException>(async () => await store.GetConsistencyProofAsync(longer, CancellationToken.None))).Code);
        Assert.Same(ErrorCodes.LedgerProofInvalid, Assert.Throws<AgentOpsException>(() => LedgerProof.VerifyInclusion(consistency, "{}"u8, key)).Code);
        Assert.False(LedgerProof.VerifyConsistency(consistency, anchor.Note.Replace("\n301\n", "\n300\n", StringComparison.Ordinal), key));
        Assert.Same(ErrorCodes.LedgerRecordNotFound, (await Assert.ThrowsAsync<AgentOpsException>(async () => await store.GetInclusionProofAsync(634, CancellationToken.None))).Code);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_payload_is_read_by_others_before_it_is_flushed(StoreKind kind)
    {
        await using var store = await OpenAsync(kind);
        await using var other = await OpenAsync(kind);
        var write = Payloads(store).Begin("output"u8.ToArray());
        await write.Readable;
        Assert.Equal("output"u8.ToArray(), await Payloads(other).GetAsync(write.Reference, CancellationToken.None));
        await write.Kept;

        IPayloadStore Payloads(ILedgerStore from) => from is PostgresLedgerStore server ? server.Payloads : new PayloadStore(_fixture.Folder);
    }

    [Fact]
    public void A_file_is_whole_before_it_is_flushed_and_never_said_to_be_when_it_can_not_be_written()
    {
        var path = Path.Combine(_fixture.Folder, "payload");
        byte[]? read = null;
        new DiskFiles().Create(path, "output"u8, () => read = File.ReadAllBytes(path));
        Assert.Equal("output"u8.ToArray(), read);
        Assert.Throws<DirectoryNotFoundException>(() => new DiskFiles().Create(Path.Combine(path + "-none", "payload"), "output"u8, () => Assert.Fail("It is not there.")));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Payloads_are_read_again_and_erased_without_harm_to_the_ledger(StoreKind kind)
    {
        await using var store = await OpenAsync(kind);
        var payloads = store is PostgresLedgerStore server ? server.Payloads : new PayloadStore(_fixture.Folder);
        var reference = await payloads.PutAsync("secret prompt"u8.ToArray(), CancellationToken.None);
        Assert.NotEqual(reference, await payloads.PutAsync("secret prompt"u8.ToArray(), CancellationToken.None));
        Assert.Equal("secret prompt"u8.ToArray(), await payloads.GetAsync(reference, CancellationToken.None));
        await store.AppendAsync([LedgerFixture.Event(1, reference)], CancellationToken.None);
        await Task.Delay(20);
        var now = DateTimeOffset.UtcNow;
        Assert.Equal(2, await store.ErasePayloadsAsync(now, CancellationToken.None));
        Assert.Same(ErrorCodes.PayloadNotFound, (await Assert.ThrowsAsync<AgentOpsException>(async () => await payloads.GetAsync(reference, CancellationToken.None))).Code);
        Assert.Same(ErrorCodes.PayloadNotFound, (await Assert.ThrowsAsync<AgentOpsException>(async () => await payloads.GetAsync("sha256:../../keys/ledger.key", CancellationToken.None))).Code);
        Assert.Equal("ledger.payloads-erased", (await store.ReadAsync(new LedgerQuery { Newest = 1 }, CancellationToken.None).SingleAsync()).Type);
        await AssertWholeAsync(store);
    }

    private static async Task AssertWholeAsync(ILedgerStore store)
    {
        var verification = await store.VerifyAsync(new LedgerVerificationOptions(), CancellationToken.None);
        Assert.True(verification.IsWhole, string.Join("; ", verification.Faults));
        Assert.Equal(store.GetCheckpoint().Size, verification.Size);
    }

    private PostgresServer Connected()
    {
        server.GetUri(_workspace);
        return server;
    }

    private async Task<ILedgerStore> OpenAsync(StoreKind kind, CountingProjection? projection = null) => kind == StoreKind.File
        ? await _fixture.OpenAsync(projection)
        : await PostgresLedgerStore.OpenAsync(
            new PostgresLedgerOptions { Uri = server.GetUri(_workspace), KeyFolder = Path.Combine(_fixture.Folder, "keys"), Actor = _fixture.Options().Actor },
            projection ?? new CountingProjection(), TimeProvider.System, CancellationToken.None);
}
