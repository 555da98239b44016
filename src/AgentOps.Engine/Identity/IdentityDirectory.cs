using System.Collections.Concurrent;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using AgentOps.Engine.Agents;
using AgentOps.Engine.Errors;
using AgentOps.Engine.Ledger;
using AgentOps.Engine.Workspaces;

namespace AgentOps.Engine.Identity;

/// <summary>
/// The keys with which agents prove who they are. A private key never leaves the host that made it, where it lies beside the ledger's;
/// its public half is an event. An agent gets its key when one is first needed, one on each host that runs it.
/// </summary>
public sealed class IdentityDirectory : IDisposable
{
    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly WorkspaceLedger _ledger;
    private readonly AgentKeyFolder _folder;
    private readonly TimeProvider _time;
    private readonly ConcurrentDictionary<string, AgentSigner> _open = new(StringComparer.Ordinal);

    internal IdentityDirectory(WorkspaceLedger ledger, AgentKeyFolder folder, TimeProvider time)
    {
        _ledger = ledger;
        _folder = folder;
        _time = time;
    }

    /// <summary>
    /// The public keys of agents as a JSON Web Key Set (RFC 7517, 5), for services that verify tokens. An agent that has no key on
    /// this host gets one. Keys that were replaced stay until the last token of theirs has expired; those of a suspended agent are left out.
    /// </summary>
    /// <param name="agents">Only these agents; all where there is none.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="AgentOpsException"><c>AgentNotFound</c>, <c>AgentKeyUnusable</c>; a fault of the store.</exception>
    public async Task<string> ExportAsync(IReadOnlyCollection<string> agents, CancellationToken cancellationToken)
    {
        var state = await _ledger.RefreshAsync(cancellationToken);
        var names = agents.Count > 0
            ? agents.Select(name => AgentDirectory.Require(state, name).Definition.Name).Distinct(StringComparer.OrdinalIgnoreCase).ToArray()
            : state.Agents.Values.Select(agent => agent.Definition.Name).ToArray();
        foreach (var name in names.Where(name => !state.Agents[name].IsSuspended))
        {
            await SignerAsync(name, cancellationToken);
        }

        state = await _ledger.RefreshAsync(cancellationToken);
        var now = _time.GetUtcNow();
        var keys = new JsonArray();
        foreach (var name in names.Order(StringComparer.OrdinalIgnoreCase))
        {
            if (state.Agents.TryGetValue(name, out var agent) && !agent.IsSuspended)
            {
                foreach (var key in agent.Keys.Where(key => key.Verifies(now)))
                {
                    keys.Add((JsonNode)key.ToJsonWebKey(agent.Definition.Name));
                }
            }
        }

        return new JsonObject { ["keys"] = keys }.ToJsonString(Readable) + "\n";
    }

    /// <summary>Gives an agent a new key in the place of all that it has; other hosts make theirs when they need them.</summary>
    /// <param name="agent">The agent.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>The new key.</returns>
    /// <exception cref="AgentOpsException"><c>AgentNotFound</c>, <c>AgentKeyUnusable</c>; a fault of the store.</exception>
    public async Task<AgentKey> RotateAsync(string agent, CancellationToken cancellationToken)
    {
        AgentDirectory.Require(await _ledger.RefreshAsync(cancellationToken), agent);
        var signer = _folder.Create();
        string[] before;
        try
        {
            before = await _ledger.TransactAsync(
                (state, transaction) =>
                {
                    var found = AgentDirectory.Require(state, agent);
                    var name = found.Definition.Name;
                    string[] retired = [.. found.Keys.Where(key => key.Retired is null).Select(key => key.Id)];
                    if (retired.Length > 0)
                    {
                        transaction.Add(new NewEvent(EventTypes.AgentKeysRetired, EventTypes.Version, new JsonObject { ["name"] = name }) { Agent = name });
                    }

                    transaction.Add(Added(name, signer));
                    return retired;
                },
                cancellationToken);
        }
        catch
        {
            Drop(signer);
            throw;
        }

        _open[signer.Id] = signer;
        foreach (var key in before)
        {
            _folder.Delete(key);
        }

        return _ledger.Seen.Agents[agent].Keys.Single(key => key.Id == signer.Id);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var signer in _open.Values)
        {
            signer.Dispose();
        }
    }

    /// <summary>Whether an agent still signs with a key.</summary>
    internal static bool IsInUse(WorkspaceState state, string agent, string key) =>
        state.Agents.TryGetValue(agent, out var found) && found.Keys.Any(one => one.Id == key && one.Retired is null);

    /// <summary>The agent's key on this host, made now where there is none.</summary>
    internal async ValueTask<AgentSigner> SignerAsync(string agent, CancellationToken cancellationToken)
    {
        if (Find(AgentDirectory.Require(_ledger.Seen, agent)) is { } known)
        {
            return known;
        }

        // The file is there before the ledger names it. Another process may have been quicker: its key then serves.
        var made = _folder.Create();
        AgentSigner? other = null;
        try
        {
            other = await _ledger.TransactAsync(
                (state, transaction) =>
                {
                    var found = AgentDirectory.Require(state, agent);
                    if (Find(found) is { } theirs)
                    {
                        return theirs;
                    }

                    transaction.Add(Added(found.Definition.Name, made));
                    return null;
                },
                cancellationToken);
        }
        catch
        {
            Drop(made);
            throw;
        }

        if (other is not null)
        {
            Drop(made);
            return other;
        }

        return _open[made.Id] = made;
    }

    private AgentSigner? Find(AgentState agent)
    {
        foreach (var key in agent.Keys.Where(key => key.Retired is null))
        {
            if (_open.TryGetValue(key.Id, out var open))
            {
                return open;
            }

            if (_folder.TryOpen(key.Id) is { } read)
            {
                return _open[key.Id] = read;
            }
        }

        return null;
    }

    private void Drop(AgentSigner signer)
    {
        _folder.Delete(signer.Id);
        signer.Dispose();
    }

    private static NewEvent Added(string agent, AgentSigner signer) =>
        new(EventTypes.AgentKeyAdded, EventTypes.Version, new JsonObject { ["name"] = agent, ["kid"] = signer.Id, ["x"] = signer.X, ["y"] = signer.Y })
        {
            Agent = agent,
        };
}
