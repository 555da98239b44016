using System.Globalization;

namespace AgentOps.Cli.Serving;

/// <summary>A batch in the server's memory. Its requests are answered in turn; whoever waits in line when it is cancelled is not.</summary>
internal sealed class ServedBatch : IDisposable
{
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _cancel = new();
    private readonly IReadOnlyList<(string Id, Func<CancellationToken, Task<ServedItem>> Answer)> _requests;
    private readonly List<ServedItem> _results = [];
    private readonly Func<string, string> _cancelled;
    private DateTimeOffset? _ended;

    /// <summary>Makes a batch and begins to answer it.</summary>
    /// <param name="number">Its place among the server's batches.</param>
    /// <param name="requests">What answers each request.</param>
    /// <param name="cancelled">The line of a request that was cancelled before its turn, from its name.</param>
    public ServedBatch(int number, IReadOnlyList<(string Id, Func<CancellationToken, Task<ServedItem>> Answer)> requests, Func<string, string> cancelled)
    {
        Number = number.ToString("D6", CultureInfo.InvariantCulture);
        _requests = requests;
        _cancelled = cancelled;
        Created = DateTimeOffset.UtcNow;
        Completion = RunAsync();
    }

    public string Number { get; }

    public DateTimeOffset Created { get; }

    public int Count => _requests.Count;

    public bool IsCancelling => _cancel.IsCancellationRequested;

    /// <summary>Ends with the batch, and never fails.</summary>
    public Task Completion { get; }

    /// <summary>When it ended; null before.</summary>
    public DateTimeOffset? Ended
    {
        get
        {
            lock (_gate)
            {
                return _ended;
            }
        }
    }

    /// <summary>The results so far.</summary>
    public IReadOnlyList<ServedItem> Results
    {
        get
        {
            lock (_gate)
            {
                return [.. _results];
            }
        }
    }

    public int Counted(ServedOutcome outcome) => Results.Count(result => result.Outcome == outcome);

    /// <summary>Stops what has not ended.</summary>
    public void Cancel()
    {
        if (Ended is null)
        {
            _cancel.Cancel();
        }
    }

    public void Dispose()
    {
        _cancel.Cancel();
        _cancel.Dispose();
    }

    private async Task RunAsync()
    {
        var cancellation = _cancel.Token;

        // The batch is told of before it is answered, as at the vendors.
        await Task.Yield();
        foreach (var (id, answer) in _requests)
        {
            ServedItem result;
            try
            {
                cancellation.ThrowIfCancellationRequested();
                result = await answer(cancellation);
            }
            catch (OperationCanceledException)
            {
                result = new ServedItem(ServedOutcome.Cancelled, _cancelled(id));
            }

            lock (_gate)
            {
                _results.Add(result);
            }
        }

        lock (_gate)
        {
            _ended = DateTimeOffset.UtcNow;
        }
    }
}
