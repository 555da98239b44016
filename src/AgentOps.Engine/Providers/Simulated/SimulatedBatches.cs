using System.Globalization;

namespace AgentOps.Engine.Providers.Simulated;

/// <summary>
/// Batches of a simulated model, for rehearsals. They end at once and are played when their results are read: from the requests alone,
/// so that another process may read them.
/// </summary>
/// <param name="provider">The model.</param>
internal sealed class SimulatedBatches(SimulatedProvider provider) : IBatchProvider
{
    public int MaximumItems => 50_000;

    public Task<string> SubmitAsync(IReadOnlyList<BatchItem> items, string name, CancellationToken cancellationToken) => Task.FromResult(IdOf(name, items.Count));

    public Task<BatchSearch> FindAsync(BatchTrace trace, CancellationToken cancellationToken) => Task.FromResult(BatchSearch.Found(IdOf(trace.Name, trace.Count)));

    public Task<BatchProgress> GetAsync(string id, CancellationToken cancellationToken) => Task.FromResult(
        new BatchProgress(true, int.Parse(id[(id.LastIndexOf('-') + 1)..], CultureInfo.InvariantCulture), "ended"));

    public async Task<IReadOnlyList<BatchItemResult>> ReadAsync(string id, IReadOnlyList<BatchItem> items, CancellationToken cancellationToken)
    {
        var results = new List<BatchItemResult>(items.Count);
        foreach (var item in items)
        {
            results.Add(await AnswerAsync(item, cancellationToken).ConfigureAwait(false));
        }

        return results;
    }

    public Task CancelAsync(string id, CancellationToken cancellationToken) => Task.CompletedTask;

    private static string IdOf(string name, int count) => string.Create(CultureInfo.InvariantCulture, $"sim-{name}-{count}");

    private async Task<BatchItemResult> AnswerAsync(BatchItem item, CancellationToken cancellationToken)
    {
        var events = new List<ModelEvent>();
        try
        {
            await foreach (var modelEvent in provider.StreamAsync(item.Request, cancellationToken).ConfigureAwait(false))
            {
                events.Add(modelEvent);
            }
        }
        catch (ProviderFaultException exception)
        {
            return new BatchItemResult(item.Id, BatchOutcome.Failed) { Fault = exception.Fault };
        }

        return BatchItemResult.Of(item.Id, () => events);
    }
}
