using System.Text.Json;
using System.Text.Json.Nodes;
using AgentOps.Engine.Errors;
using AgentOps.Engine.Ledger;
using AgentOps.Engine.Workspaces;

namespace AgentOps.Engine.Providers;

/// <summary>Registers providers and takes them away; each change is one event. A secret is only ever a reference.</summary>
public sealed class ProviderRegistry
{
    private readonly WorkspaceLedger _ledger;
    private readonly ProviderFactory _factory;

    internal ProviderRegistry(WorkspaceLedger ledger, ProviderFactory factory)
    {
        _ledger = ledger;
        _factory = factory;
    }

    /// <summary>Registers a provider; nothing is called.</summary>
    /// <exception cref="AgentOpsException"><c>NameInvalid</c>, <c>ProviderExists</c>, <c>SecretReferenceInvalid</c>, and what its kind says of a bad definition.</exception>
    public ValueTask<ProviderDefinition> RegisterAsync(ProviderDefinition definition, bool replace, CancellationToken cancellationToken) =>
        _ledger.ChangeAsync(
            (state, transaction) =>
            {
                NameRule.Require("a provider", definition.Name);
                Check(definition);
                _factory.Create(definition);
                _factory.CreateBatches(definition);
                if (!replace && state.Providers.ContainsKey(definition.Name))
                {
                    throw new AgentOpsException(ErrorCodes.ProviderExists, $"There is a provider '{definition.Name}' already.", definition.Name);
                }

                transaction.Add(new NewEvent(EventTypes.ProviderRegistered, EventTypes.Version, definition.ToJson()));
            },
            state => Require(state, definition.Name),
            cancellationToken);

    // What a document may not say, a command may not say either.
    private static void Check(ProviderDefinition definition)
    {
        using var document = JsonDocument.Parse(definition.ToJson().ToJsonString());
        ProviderDefinition.FromJson(document.RootElement);

        // The name is never repeated: it may be the secret itself.
        if (definition.Secret is { } secret && !SecretReference.NamesVariable(secret))
        {
            throw new AgentOpsException(ErrorCodes.SecretReferenceInvalid,
                $"The provider '{definition.Name}' is to take its credential from an environment variable, and what was given can't be the name of one.", definition.Name,
                "Give the variable's name, of letters, digits and underscores, never the credential itself. One that was typed here by mistake is in this session's history: replace it.");
        }

        if (definition.Terms?.Credit < 0)
        {
            throw new AgentOpsException(ErrorCodes.ProviderInvalid, $"The provider '{definition.Name}' is invalid: its credit is below 0.", definition.Name);
        }
    }

    /// <summary>Takes a provider away.</summary>
    /// <exception cref="AgentOpsException"><c>ProviderNotFound</c>; <c>StillInUse</c> when a route names it.</exception>
    public async ValueTask UnregisterAsync(string name, CancellationToken cancellationToken) =>
        await _ledger.ChangeAsync(
            (state, transaction) =>
            {
                var provider = Require(state, name);
                var user = state.Routes.Values.FirstOrDefault(route => route.Targets.Any(target => string.Equals(target.Provider, provider.Name, StringComparison.OrdinalIgnoreCase)));
                if (user is not null)
                {
                    throw new AgentOpsException(ErrorCodes.StillInUse, $"The provider '{provider.Name}' is a target of the route '{user.Name}'.", name);
                }

                transaction.Add(new NewEvent(EventTypes.ProviderUnregistered, EventTypes.Version, new JsonObject { ["name"] = provider.Name }));
            },
            _ => true,
            cancellationToken);

    /// <summary>The provider, or an error that says how to find one.</summary>
    internal static ProviderDefinition Require(WorkspaceState state, string name) =>
        state.Providers.TryGetValue(name, out var provider)
            ? provider
            : throw new AgentOpsException(ErrorCodes.ProviderNotFound, $"There is no provider '{name}'.", name);
}
