using System.Security.Cryptography;
using System.Text;

namespace AgentOps.Engine.Ledger;

/// <summary>Opens the store that a location names, so that nothing else needs to know which one it is.</summary>
public static class LedgerStores
{
    /// <summary>Tells whether a location is on a server, not a folder.</summary>
    public static bool IsServer(string location)
    {
        ArgumentNullException.ThrowIfNull(location);
        return location.StartsWith("postgresql://", StringComparison.Ordinal) || location.StartsWith("postgres://", StringComparison.Ordinal);
    }

    /// <summary>The location of a store that lives in this process alone and ends with it: for trying things out, and for tests.</summary>
    public const string Memory = "memory:";

    /// <summary>The folder with this host's copy of the signing key of a ledger on a server.</summary>
    /// <param name="location">The location of the store.</param>
    /// <param name="home">The folder of AgentOps' own data on this host.</param>
    /// <exception cref="Errors.AgentOpsException">StoreLocationInvalid.</exception>
    public static string GetKeyFolder(string location, string home) => Path.Combine(
        home, "servers", Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(PostgresUri.Parse(location).Location)).AsSpan(0, 8)), "keys");

    /// <summary>The folders of this host that hold a store, its keys or AgentOps' own data.</summary>
    /// <param name="location">The location of the store.</param>
    /// <param name="home">The folder of AgentOps' own data on this host.</param>
    internal static IEnumerable<string> LocalFolders(string location, string home) =>
        IsServer(location) || location == Memory ? [home] : [Path.GetFullPath(location), home];

    /// <summary>Opens the store, and makes it where there is none.</summary>
    /// <param name="location">A folder, <c>postgresql://user@host:5432/database/workspace</c>, or <see cref="Memory"/>.</param>
    /// <param name="home">The folder of AgentOps' own data on this host; a server's signing key lies in it.</param>
    /// <param name="actor">Who this process acts for; on a server its account becomes the database role, <c>database:role</c>.</param>
    /// <param name="redactor">Takes secrets out of every event, or null.</param>
    /// <param name="projection">The state.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="Errors.AgentOpsException">As the two stores say.</exception>
    public static async ValueTask<OpenedLedger> OpenAsync(
        string location, string home, Actor actor, ISecretRedactor? redactor, ILedgerProjection projection, TimeProvider time, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(actor);
        if (IsServer(location))
        {
            var server = await PostgresLedgerStore.OpenAsync(
                new PostgresLedgerOptions { Uri = location, KeyFolder = GetKeyFolder(location, home), Actor = actor, ActAsRole = true, Redactor = redactor },
                projection, time, cancellationToken).ConfigureAwait(false);
            return new OpenedLedger(server, server.Payloads, server.Account) { Groups = server.Groups, KeyFolder = GetKeyFolder(location, home), Files = new DiskFiles() };
        }

        ILedgerFiles files = location == Memory ? new MemoryFiles() : new DiskFiles();
        var path = location == Memory ? Path.Combine(Path.GetTempPath(), "agentops-memory") : Path.GetFullPath(location);
        var folder = await FileLedgerStore.OpenAsync(
            new FileLedgerOptions { Path = path, Actor = actor, Redactor = redactor, Files = files }, projection, time, cancellationToken).ConfigureAwait(false);
        return new OpenedLedger(folder, new PayloadStore(path, files), actor.OnBehalfOf) { KeyFolder = new LedgerFolder(path).Keys, Files = files };
    }
}
