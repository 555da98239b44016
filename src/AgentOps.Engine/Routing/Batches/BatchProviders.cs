using AgentOps.Engine.Errors;
using AgentOps.Engine.Providers;
using AgentOps.Engine.Workspaces;

namespace AgentOps.Engine.Routing;

/// <summary>The interfaces for batches of a workspace's providers.</summary>
internal sealed class BatchProviders(RouterCache routers, ProviderFactory factory)
{
    /// <summary>The provider's interface; null where there is none.</summary>
    public IBatchProvider? Find(WorkspaceState state, string provider) =>
        routers.Find(state, provider) is { } registered ? factory.CreateBatches(registered.Definition) : null;

    /// <summary>The interface of the provider that has a batch, or may have it.</summary>
    /// <exception cref="AgentOpsException"><c>ProviderNotFound</c>, <c>ProviderInvalid</c>.</exception>
    public IBatchProvider Require(WorkspaceState state, BatchState batch)
    {
        ProviderRegistry.Require(state, batch.Target.Provider);
        return Find(state, batch.Target.Provider)
            ?? throw new AgentOpsException(ErrorCodes.ProviderInvalid, $"The provider '{batch.Target.Provider}' is of another kind now, or has no settings for batches any more.", batch.Target.Provider);
    }

    /// <summary>Why a provider takes no batch of this size, known before anything is asked of it; null where it may.</summary>
    public string? RefusalOf(WorkspaceState state, string provider, int count) => Find(state, provider) switch
    {
        { MinimumItems: var fewest } when count < fewest => FormattableString.Invariant($"A batch holds at least {fewest} prompts there."),
        not null => null,
        null when routers.Find(state, provider)?.Definition.Kind == ProviderKinds.Bedrock =>
            "Its batches need a place in S3 and a role (batch: {location, role} of its options; -BatchLocation and -BatchRole).",
        null => "Its provider has no interface for batches here.",
    };
}
