using System.Text;
using AgentOps.Engine.Agents;
using AgentOps.Engine.Errors;
using AgentOps.Engine.Ledger;
using AgentOps.Engine.Workspaces;

namespace AgentOps.Engine.Memories;

/// <summary>Lists the facts that agents keep, and removes them, for an administrator.</summary>
public sealed class MemoryDirectory
{
    private readonly WorkspaceLedger _ledger;
    private readonly IPayloadStore _payloads;

    internal MemoryDirectory(WorkspaceLedger ledger, IPayloadStore payloads)
    {
        _ledger = ledger;
        _payloads = payloads;
    }

    /// <summary>All facts, in the order in which they were written.</summary>
    public async ValueTask<IReadOnlyList<MemoryFact>> ListAsync(CancellationToken cancellationToken) =>
        [.. (await _ledger.RefreshAsync(cancellationToken)).Memory.All];

    /// <summary>The value of a fact; null when it was erased.</summary>
    /// <exception cref="AgentOpsException"><c>PayloadTampered</c>: it is not what the ledger says.</exception>
    public async ValueTask<string?> ReadAsync(MemoryFact fact, CancellationToken cancellationToken)
    {
        try
        {
            return Encoding.UTF8.GetString(await _payloads.GetAsync(fact.Value, cancellationToken));
        }
        catch (AgentOpsException fault) when (fault.Code == ErrorCodes.PayloadNotFound)
        {
            return null;
        }
    }

    /// <summary>Takes a fact out of an agent's memory. Its value stays among the payloads until these are erased.</summary>
    /// <param name="agent">The agent.</param>
    /// <param name="onBehalfOf">The person for whom it is kept; null for one that all persons share.</param>
    /// <param name="name">The fact's name.</param>
    /// <param name="cancellationToken">Stops waiting for the store.</param>
    /// <exception cref="AgentOpsException"><c>AgentNotFound</c>, <c>FactNotFound</c>.</exception>
    public async ValueTask RemoveAsync(string agent, string? onBehalfOf, string name, CancellationToken cancellationToken) =>
        await _ledger.ChangeAsync(
            (state, transaction) =>
            {
                var keeper = AgentDirectory.Require(state, agent).Definition.Name;
                if (!state.Memory.Of(keeper, onBehalfOf).TryGetValue(name, out var fact))
                {
                    throw new AgentOpsException(ErrorCodes.FactNotFound, $"The agent '{keeper}' keeps no fact '{name}'{(onBehalfOf is null ? string.Empty : $" for '{onBehalfOf}'")}.", name);
                }

                transaction.Add(new NewEvent(EventTypes.MemoryForgotten, EventTypes.Version, MemoryState.Named(fact.Agent, fact.OnBehalfOf, fact.Name)) { Agent = fact.Agent });
            },
            _ => true,
            cancellationToken);
}
