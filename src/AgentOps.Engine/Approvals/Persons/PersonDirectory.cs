using System.Text.Json.Nodes;
using AgentOps.Engine.Errors;
using AgentOps.Engine.Ledger;
using AgentOps.Engine.Workspaces;

namespace AgentOps.Engine.Approvals;

/// <summary>Registers keys as persons, and takes them away; each change is one event.</summary>
public sealed class PersonDirectory
{
    private readonly WorkspaceLedger _ledger;

    internal PersonDirectory(WorkspaceLedger ledger) => _ledger = ledger;

    /// <summary>Registers a key.</summary>
    /// <param name="name">The person's name.</param>
    /// <param name="pem">The public key in PEM.</param>
    /// <param name="account">The account of the same person; null where there is none.</param>
    /// <param name="source">Where the key comes from, for errors.</param>
    /// <param name="cancellationToken">Stops waiting for the store.</param>
    /// <exception cref="AgentOpsException"><c>NameInvalid</c>, <c>SigningKeyInvalid</c>, <c>PersonExists</c>: the name, or the key under another name.</exception>
    public ValueTask<RegisteredPerson> RegisterAsync(string name, string pem, string? account, string source, CancellationToken cancellationToken)
    {
        NameRule.Require("a person", name);
        var person = new RegisteredPerson(name, RegisteredPerson.ReadPublicKey(pem, source), account, default);
        return _ledger.ChangeAsync(
            (state, transaction) =>
            {
                var there = state.Persons.Find(name) ?? state.Persons.All.FirstOrDefault(one => one.PublicKey == person.PublicKey);
                if (there is not null)
                {
                    throw new AgentOpsException(ErrorCodes.PersonExists, there.PublicKey == person.PublicKey
                        ? $"The key is registered already, as '{there.Name}'; one key is one person."
                        : $"There is a person '{there.Name}' already.", name);
                }

                transaction.Add(new NewEvent(EventTypes.PersonRegistered, EventTypes.Version, person.ToJson()));
            },
            state => state.Persons.Find(name)!,
            cancellationToken);
    }

    /// <summary>Takes a person away; what the key approved and was not used yet no longer holds.</summary>
    /// <exception cref="AgentOpsException"><c>PersonNotFound</c>.</exception>
    public async ValueTask UnregisterAsync(string name, CancellationToken cancellationToken) =>
        await _ledger.ChangeAsync(
            (state, transaction) =>
            {
                var person = state.Persons.Find(name) ?? throw new AgentOpsException(ErrorCodes.PersonNotFound, $"There is no person '{name}'.", name);
                transaction.Add(new NewEvent(EventTypes.PersonUnregistered, EventTypes.Version, new JsonObject { ["name"] = person.Name }));
            },
            _ => true,
            cancellationToken);
}
