using AgentOps.Engine.Errors;
using AgentOps.Engine.Ledger;

namespace AgentOps.Engine.Tests.Ledger;

public sealed class FaultTests
{
    public static TheoryData<string> Modes => [.. Enum.GetNames<FaultMode>()];

    [Theory]
    [MemberData(nameof(Modes))]
    public async Task Whatever_operation_goes_wrong_what_was_acknowledged_stays_and_the_chain_is_whole(string name)
    {
        var mode = Enum.Parse<FaultMode>(name);
        for (var failAt = 1; ; failAt++)
        {
            using var fixture = new LedgerFixture();
            var files = new FaultyFiles(failAt, mode);
            var (acknowledged, tried) = await RunAsync(fixture, files);
            files.End();
            var projection = new CountingProjection();
            await using (var store = await fixture.OpenAsync(projection))
            {
                var verification = await store.VerifyAsync(new LedgerVerificationOptions(), CancellationToken.None);
                Assert.True(verification.IsWhole, $"{mode} at {failAt}: {(verification.Faults.Count > 0 ? verification.Faults[0] : null)}");
                var values = await store.ReadAsync(new LedgerQuery { Type = "test.*" }, CancellationToken.None)
                    .Select(record => record.Data.GetProperty("n").GetInt64()).ToListAsync();
                Assert.Equal(values.Order().Distinct(), values);
                Assert.Empty(acknowledged.Except(values));
                Assert.Empty(values.Except(tried));
                Assert.Equal(values.Sum(), projection.Sum);
                await store.AppendAsync([LedgerFixture.Event(1000)], CancellationToken.None);
            }

            if (!files.HasStruck)
            {
                Assert.True(failAt > 12, "too few operations were tried");
                break;
            }
        }
    }

    [Fact]
    public async Task A_full_disk_is_an_error_of_the_append_and_the_store_lives_on()
    {
        using var fixture = new LedgerFixture();
        await (await fixture.OpenAsync()).DisposeAsync();
        for (var failAt = 1; failAt < 12; failAt++)
        {
            var files = new FaultyFiles(failAt, FaultMode.DiskFull);
            var projection = new CountingProjection();
            await using var store = await fixture.OpenAsync(projection, options: fixture.Options() with { Files = files });
            var before = projection.Sum;
            long sum = 0, unknown = 0;
            for (var n = 1; n <= 10; n++)
            {
                try
                {
                    await store.AppendAsync([LedgerFixture.Event(n)], CancellationToken.None);
                    sum += n;
                }
                catch (AgentOpsException exception)
                {
                    unknown += exception.Code == ErrorCodes.StoreOutcomeUnknown ? n : 0;
                    Assert.Contains(exception.Code, new[] { ErrorCodes.StoreUnavailable, ErrorCodes.StoreOutcomeUnknown });
                }
            }

            Assert.InRange(projection.Sum, before + sum, before + sum + unknown);
        }
    }

    private static async Task<(List<long> Acknowledged, List<long> Tried)> RunAsync(LedgerFixture fixture, FaultyFiles files)
    {
        List<long> acknowledged = [], tried = [];
        var options = fixture.Options() with { Files = files, SegmentBytes = 1500, SnapshotEvery = 3 };
        FileLedgerStore? store = null;
        try
        {
            for (var n = 1; n <= 8; n++)
            {
                tried.Add(n * 10);
                tried.Add((n * 10) + 1);
                try
                {
                    store ??= await fixture.OpenAsync(options: options);
                    await store.AppendAsync([LedgerFixture.Event(n * 10), LedgerFixture.Event((n * 10) + 1)], CancellationToken.None);
                    acknowledged.Add(n * 10);
                    acknowledged.Add((n * 10) + 1);
                }
                catch (AgentOpsException exception) when (exception.Code == ErrorCodes.StoreUnavailable || exception.Code == ErrorCodes.StoreOutcomeUnknown)
                {
                }
            }
        }
        finally
        {
            if (store is not null)
            {
                await store.DisposeAsync();
            }
        }

        return (acknowledged, tried);
    }
}
