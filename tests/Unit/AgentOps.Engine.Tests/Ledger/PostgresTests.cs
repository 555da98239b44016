using AgentOps.Engine.Errors;
using AgentOps.Engine.Ledger;

namespace AgentOps.Engine.Tests.Ledger;

public sealed class PostgresTests(PostgresServer server) : IClassFixture<PostgresServer>, IDisposable
{
    private readonly LedgerFixture _fixture = new();

    public void Dispose() => _fixture.Dispose();

    [PostgresFact]
    public async Task A_server_that_crashes_and_comes_back_loses_and_doubles_nothing()
    {
        await using var store = await OpenAsync("crash");
        var (acknowledged, unknown) = (new List<long>(), new List<long>());
        using var stop = new CancellationTokenSource();
        var writing = Task.Run(async () =>
        {
            for (long n = 1; !stop.IsCancellationRequested; n++)
            {
                try
                {
                    await store.AppendAsync([LedgerFixture.Event(n)], CancellationToken.None);
                    acknowledged.Add(n);
                }
                catch (AgentOpsException exception) when (exception.Code == ErrorCodes.StoreOutcomeUnknown)
                {
                    unknown.Add(n);
                }
                catch (AgentOpsException exception) when (exception.Code == ErrorCodes.StoreUnavailable)
                {
                    n--;
                }
            }
        });
        for (var i = 0; i < 3; i++)
        {
            await Task.Delay(300);
            server.Crash();
        }

        await Task.Delay(300);
        await stop.CancelAsync();
        await writing;
        var values = await store.ReadAsync(new LedgerQuery { Type = "test.*" }, CancellationToken.None).Select(record => record.Data.GetProperty("n").GetInt64()).ToListAsync();
        Assert.Equal(values.Distinct().Count(), values.Count);
        Assert.Empty(acknowledged.Except(values));
        Assert.Empty(values.Except(acknowledged).Except(unknown));
        Assert.True(acknowledged.Count > 10);
        Assert.True((await store.VerifyAsync(new LedgerVerificationOptions(), CancellationToken.None)).IsWhole);
    }

    /// <summary>A payload that a record names waits for no flush of its own.</summary>
    [PostgresFact]
    public async Task A_record_outlives_a_crash_of_the_server_only_together_with_the_payloads_that_it_names()
    {
        await using var store = await OpenAsync("payloads");
        for (var n = 0; n < 3; n++)
        {
            PayloadWrite[] writes = [.. Enumerable.Range(0, 5).Select(_ => store.Payloads.Begin(new byte[5000]))];
            await Task.WhenAll(writes.Select(write => write.Readable));
            await store.AppendAsync([LedgerFixture.Event(n)], CancellationToken.None);
            server.Crash();
            foreach (var write in writes)
            {
                Assert.Equal(5000, (await store.Payloads.GetAsync(write.Reference, CancellationToken.None)).Length);
            }
        }
    }

    [PostgresFact]
    public async Task A_role_of_the_database_is_a_person_of_that_name()
    {
        await using var store = await PostgresLedgerStore.OpenAsync(
            new PostgresLedgerOptions { Uri = server.GetUri("roles"), KeyFolder = Path.Combine(_fixture.Folder, "keys"), Actor = _fixture.Options().Actor, ActAsRole = true },
            new CountingProjection(), TimeProvider.System, CancellationToken.None);
        Assert.Equal("database:postgres", store.Account);
        Assert.True(AgentOps.Engine.Permissions.PersonName.IsSame(store.Account, "Postgres"));
    }

    [PostgresFact]
    public async Task A_server_that_is_away_is_an_error_that_says_so()
    {
        var exception = await Assert.ThrowsAsync<AgentOpsException>(async () => await PostgresLedgerStore.OpenAsync(
            new PostgresLedgerOptions
            {
                Uri = "postgresql://nobody:secret@127.0.0.1:1/none/none",
                KeyFolder = Path.Combine(_fixture.Folder, "keys"),
                Actor = _fixture.Options().Actor,
                ConnectTimeout = TimeSpan.FromMilliseconds(100),
            },
            new CountingProjection(), TimeProvider.System, CancellationToken.None));
        Assert.Same(ErrorCodes.StoreUnavailable, exception.Code);
        Assert.DoesNotContain("secret", exception.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("postgresql://u:p%40ss@db.example:5433/ops/team?sslmode=Require", "team", "postgresql://db.example:5433/ops/team")]
    [InlineData("postgresql://db:5432/ops", "default", "postgresql://db/ops/default")]
    [InlineData("postgres://db/ops", "default", "postgresql://db/ops/default")]
    public void A_location_is_read_and_shown_without_its_password(string text, string workspace, string location)
    {
        var uri = PostgresUri.Parse(text);
        Assert.Equal((workspace, location), (uri.Workspace, uri.Location));
    }

    [Theory]
    [InlineData("postgresql://db")]
    [InlineData("mysql://db/ops")]
    [InlineData("postgresql://db/ops?nonsense=1")]
    public void Another_form_is_refused(string text) =>
        Assert.Same(ErrorCodes.StoreLocationInvalid, Assert.Throws<AgentOpsException>(() => PostgresUri.Parse(text)).Code);

    private async Task<PostgresLedgerStore> OpenAsync(string workspace) => await PostgresLedgerStore.OpenAsync(
        new PostgresLedgerOptions { Uri = server.GetUri(workspace), KeyFolder = Path.Combine(_fixture.Folder, "keys"), Actor = _fixture.Options().Actor },
        new CountingProjection(), TimeProvider.System, CancellationToken.None);
}
