using System.Diagnostics;
using System.Globalization;
using AgentOps.Engine.Ledger;

namespace AgentOps.Engine.Tests.Ledger;

public sealed class ManyProcessesTests : IDisposable
{
    private static readonly bool IsSoak = Environment.GetEnvironmentVariable("AGENTOPS_SOAK") == "1";
    private readonly LedgerFixture _fixture = new();

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public async Task Sixteen_processes_of_a_thousand_records_each_lose_nothing()
    {
        var (appends, batch) = IsSoak ? (1000, 1) : (100, 10);
        var workers = Enumerable.Range(0, 16).Select(_ => Start(appends, batch)).ToList();
        var said = await Task.WhenAll(workers.Select(worker => worker.StandardOutput.ReadToEndAsync()));
        foreach (var worker in workers)
        {
            await worker.WaitForExitAsync();
            Assert.Equal(0, worker.ExitCode);
            worker.Dispose();
        }

        var sequences = said.SelectMany(text => text.Split('\n', StringSplitOptions.RemoveEmptyEntries)).Select(text => long.Parse(text, CultureInfo.InvariantCulture)).ToList();
        Assert.Equal(16 * appends, sequences.Distinct().Count());
        var projection = new CountingProjection();
        await using var store = await _fixture.OpenAsync(projection);
        Assert.Equal(16 * 1000, projection.Count);
        Assert.True((await store.VerifyAsync(new LedgerVerificationOptions(), CancellationToken.None)).IsWhole);
    }

    [Fact]
    public async Task A_killed_process_loses_nothing_that_it_acknowledged()
    {
        var acknowledged = new HashSet<long>();
        for (var round = 0; round < (IsSoak ? 200 : 8); round++)
        {
            using var worker = Start(100_000, 7);
            var first = await worker.StandardOutput.ReadLineAsync();
            await Task.Delay(Random.Shared.Next(0, 60));
            worker.Kill();
            var rest = await worker.StandardOutput.ReadToEndAsync();
            await worker.WaitForExitAsync();
            var lines = (first + "\n" + rest).Split('\n');
            foreach (var line in lines[..^1])
            {
                acknowledged.Add(long.Parse(line, CultureInfo.InvariantCulture));
            }
        }

        await using var store = await _fixture.OpenAsync();
        Assert.True((await store.VerifyAsync(new LedgerVerificationOptions(), CancellationToken.None)).IsWhole);
        var sequences = await store.ReadAsync(new LedgerQuery { Type = "test.*" }, CancellationToken.None).Select(record => record.Sequence).ToListAsync();
        Assert.NotEmpty(acknowledged);
        Assert.Empty(acknowledged.Except(sequences));
    }

    private Process Start(int count, int batch)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) == "dotnet" ? path : "dotnet")
        {
            RedirectStandardOutput = true,
            ArgumentList =
            {
                Path.Combine(AppContext.BaseDirectory, "AgentOps.Ledger.Worker.dll"), "append", _fixture.Folder,
                count.ToString(CultureInfo.InvariantCulture), batch.ToString(CultureInfo.InvariantCulture),
            },
            Environment = { ["DOTNET_TieredPGO"] = "0", ["DOTNET_gcServer"] = "0" },
        };
        return Process.Start(start)!;
    }
}
