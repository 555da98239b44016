using System.Text.Json.Nodes;
using AgentOps.Engine.Ledger;

namespace AgentOps.Engine.Tests.Ledger;

/// <summary>A workspace folder that is removed with the test, and the ways to open its ledger.</summary>
internal sealed class LedgerFixture : IDisposable
{
    public string Folder { get; } = Directory.CreateTempSubdirectory("agentops-ledger-").FullName;

    public string Segment => Path.Combine(Folder, "ledger", "log", "000000.jsonl");

    public string Checkpoint => Path.Combine(Folder, "ledger", "checkpoint");

    public static NewEvent Event(long n, string? text = null) => new("test.counted", 1, new JsonObject { ["n"] = n, ["text"] = text });

    public FileLedgerOptions Options() => new()
    {
        Path = Folder,
        Actor = new Actor(null, "alice", "host", "test:1"),
        LockTimeout = TimeSpan.FromSeconds(20),
    };

    public async Task<FileLedgerStore> OpenAsync(ILedgerProjection? projection = null, TimeProvider? time = null, FileLedgerOptions? options = null) =>
        await FileLedgerStore.OpenAsync(options ?? Options(), projection ?? new CountingProjection(), time ?? TimeProvider.System, CancellationToken.None);

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
