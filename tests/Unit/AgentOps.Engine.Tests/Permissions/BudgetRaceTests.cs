using System.Diagnostics;
using System.Globalization;
using AgentOps.Engine.Ledger;
using AgentOps.Ledger.Worker;

namespace AgentOps.Engine.Tests.Permissions;

public sealed class BudgetRaceTests : IDisposable
{
    private static readonly bool IsSoak = Environment.GetEnvironmentVariable("AGENTOPS_SOAK") == "1";
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("agentops-budget-");

    public void Dispose() => _folder.Delete(recursive: true);

    /// <summary>16 processes × 100 calls of $1 against a budget of $500, killed at random and started anew.</summary>
    [Fact]
    public async Task Sixteen_processes_that_are_killed_at_random_never_pass_a_budget_nor_lose_a_reservation()
    {
        var calls = IsSoak ? 1000 : 100;
        var done = new int[16];
        var killed = 0;
        using var stop = new CancellationTokenSource(TimeSpan.FromSeconds(IsSoak ? 600 : 300));
        await Task.WhenAll(Enumerable.Range(0, 16).Select(async worker =>
        {
            var random = new Random(worker);
            while (done[worker] < calls)
            {
                stop.Token.ThrowIfCancellationRequested();
                using var process = Start(calls - done[worker]);
                var mortal = random.Next(2) == 0;
                var life = random.Next(1, calls);
                for (var lines = 0; await process.StandardOutput.ReadLineAsync(stop.Token) is not null; lines++)
                {
                    done[worker]++;
                    if (mortal && lines == life)
                    {
                        await Task.Delay(random.Next(0, 20));
                        process.Kill();
                        Interlocked.Increment(ref killed);
                        break;
                    }
                }

                await process.WaitForExitAsync(stop.Token);
            }
        }));

        var projection = new SpendProjection();
        await using var store = await Spender.OpenAsync(_folder.FullName, projection);
        await Task.Delay(Spender.Lease + TimeSpan.FromMilliseconds(100));
        await Spender.ReconcileAsync(store, projection);
        Assert.True(killed > 0, "No process was killed; the test shows nothing.");
        Assert.Empty(projection.Limits.Open);
        Assert.Equal(projection.Calls.Count, projection.Limits.Used(Spender.Budget.Demand(1).Key, DateTimeOffset.UtcNow));

        // Nothing was lost for good: what the killed ones had reserved can still be spent, and not a dollar more.
        while (await Spender.CallAsync(store, projection, Guid.NewGuid().ToString("N")))
        {
            Assert.True(projection.Calls.Count <= 500);
        }

        Assert.Equal(500, projection.Calls.Count);

        var replay = new SpendProjection();
        await foreach (var record in store.ReadAsync(new LedgerQuery(), CancellationToken.None))
        {
            if (replay.Knows(record.Type, record.Version))
            {
                replay.Apply(record);
            }
        }

        Assert.Equal(500m, replay.Peak);
        Assert.True((await store.VerifyAsync(new LedgerVerificationOptions(), CancellationToken.None)).IsWhole);
    }

    private Process Start(int calls) => Process.Start(new ProcessStartInfo(Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) == "dotnet" ? path : "dotnet")
    {
        RedirectStandardOutput = true,
        ArgumentList = { Path.Combine(AppContext.BaseDirectory, "AgentOps.Ledger.Worker.dll"), "spend", _folder.FullName, calls.ToString(CultureInfo.InvariantCulture) },
    })!;
}
