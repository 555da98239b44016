namespace AgentOps.Engine.Providers;

/// <summary>An account with a vendor, or a stand-in for one, that answers model requests.</summary>
public interface IModelProvider
{
    /// <summary>The name that routes call it by.</summary>
    string Name { get; }

    /// <summary>The protocol, for example <c>openai</c>; see <see cref="ProviderKinds"/>.</summary>
    string Kind { get; }

    /// <summary>Makes one call: one attempt, no retry. Events come as they arrive.</summary>
    /// <exception cref="ProviderFaultException">The call failed, before or in the middle of the answer.</exception>
    IAsyncEnumerable<ModelEvent> StreamAsync(ModelRequest request, CancellationToken ct);
}
