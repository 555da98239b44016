namespace AgentOps.Engine.Providers;

/// <summary>A provider's interface for many requests at once that are answered within a day, at a lower price.</summary>
public interface IBatchProvider
{
    /// <summary>The fewest requests that make a batch.</summary>
    int MinimumItems => 1;

    /// <summary>The most requests that one batch may hold.</summary>
    int MaximumItems { get; }

    /// <summary>Hands a batch over.</summary>
    /// <param name="items">The requests, all of one model.</param>
    /// <param name="name">Our name of the batch, kept by providers that keep one.</param>
    /// <param name="cancellationToken">Stops the call; whether the batch was taken is then unknown.</param>
    /// <returns>The provider's id of it.</returns>
    /// <exception cref="ProviderFaultException">It was not taken.</exception>
    Task<string> SubmitAsync(IReadOnlyList<BatchItem> items, string name, CancellationToken cancellationToken);

    /// <summary>Looks for a batch of which no answer said whether it was taken. It asks, and never submits.</summary>
    /// <exception cref="ProviderFaultException">The provider could not say.</exception>
    Task<BatchSearch> FindAsync(BatchTrace trace, CancellationToken cancellationToken);

    /// <summary>How far it is.</summary>
    /// <exception cref="ProviderFaultException">The provider could not say.</exception>
    Task<BatchProgress> GetAsync(string id, CancellationToken cancellationToken);

    /// <summary>The results of a batch that has ended, one a request, in the requests' order.</summary>
    /// <exception cref="ProviderFaultException">The provider did not give them.</exception>
    Task<IReadOnlyList<BatchItemResult>> ReadAsync(string id, IReadOnlyList<BatchItem> items, CancellationToken cancellationToken);

    /// <summary>Asks the provider to stop it; what was answered by then can still be read.</summary>
    /// <exception cref="ProviderFaultException">The provider did not take the wish.</exception>
    Task CancelAsync(string id, CancellationToken cancellationToken);
}
