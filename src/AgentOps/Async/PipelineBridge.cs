using System.Runtime.ExceptionServices;
using System.Threading.Channels;

namespace AgentOps.Async;

/// <summary>
/// The one bridge from asynchronous work to the pipeline thread: a bounded queue that the pipeline thread pumps while
/// the work runs on the thread pool. Every post awaits its own completion, so output is never behind the work.
/// </summary>
internal sealed class PipelineBridge : IDisposable
{
    private const int Capacity = 64;

    private readonly CancellationTokenSource _cancellation = new();
    private readonly TimeSpan _grace;
    private volatile Channel<PipelinePost>? _queue;

    /// <summary>Makes a bridge.</summary>
    /// <param name="grace">How long cancelled work may take to end before it is left behind; a stop has to be felt within a second.</param>
    public PipelineBridge(TimeSpan grace) => _grace = grace;

    /// <summary>Cancelled by <see cref="Cancel"/>, by <see cref="Dispose"/> and by a pump that throws.</summary>
    public CancellationToken Cancellation => _cancellation.Token;

    /// <summary>Runs <paramref name="work"/> on the thread pool and its posts on this thread, until both are done.</summary>
    public void Run(Func<CancellationToken, Task> work)
    {
        _cancellation.Token.ThrowIfCancellationRequested();
        var channel = Channel.CreateBounded<PipelinePost>(new BoundedChannelOptions(Capacity) { SingleReader = true });
        _queue = channel;
        var token = _cancellation.Token;
        var running = Task.Run(() => work(token), CancellationToken.None);
        _ = running.ContinueWith(
            static (_, state) => ((Channel<PipelinePost>)state!).Writer.TryComplete(),
            channel, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);

        ExceptionDispatchInfo? failure = null;
        try
        {
            Pump(channel.Reader, token);
        }
        catch (Exception exception)
        {
            failure = ExceptionDispatchInfo.Capture(exception);
            Cancel();
        }

        Drain(channel);
        _queue = null;
        var ended = WaitForEnd(running, failure is null && !token.IsCancellationRequested);
        failure?.Throw();
        if (!ended)
        {
            throw new OperationCanceledException(token);
        }

        running.GetAwaiter().GetResult();
    }

    /// <summary>Runs <paramref name="work"/> on the pipeline thread and gives its answer; cancelled when it can no longer run.</summary>
    public async Task<T> PostAsync<T>(Func<T> work)
    {
        var channel = _queue ?? throw new OperationCanceledException("The pipeline has ended.");
        var post = new PipelinePost<T>(work);
        try
        {
            await channel.Writer.WriteAsync(post, _cancellation.Token).ConfigureAwait(false);
        }
        catch (ChannelClosedException)
        {
            throw new OperationCanceledException("The pipeline has ended.");
        }

        return await post.Answer.ConfigureAwait(false);
    }

    /// <summary>Asks the work to end; safe from any thread and at any time.</summary>
    public void Cancel()
    {
        try
        {
            _cancellation.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The cmdlet has ended meanwhile: nothing is left to cancel.
        }
        catch (AggregateException)
        {
            // A registered callback failed. The work's own task tells what is to be told.
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Cancel();
        _cancellation.Dispose();
    }

    private void Pump(ChannelReader<PipelinePost> reader, CancellationToken token)
    {
        while (true)
        {
            while (reader.TryRead(out var post))
            {
                post.Run();
            }

            var more = reader.WaitToReadAsync(CancellationToken.None).AsTask();
            if (!WaitForPosts(more, token))
            {
                return;
            }
        }
    }

    private bool WaitForPosts(Task<bool> more, CancellationToken token)
    {
        try
        {
            more.Wait(token);
        }
        catch (OperationCanceledException)
        {
            if (!more.Wait(_grace, CancellationToken.None))
            {
                return false;
            }
        }

        return more.GetAwaiter().GetResult();
    }

    private static void Drain(Channel<PipelinePost> channel)
    {
        channel.Writer.TryComplete();
        while (channel.Reader.TryRead(out var post))
        {
            post.Refuse();
        }
    }

    private bool WaitForEnd(Task running, bool patient)
    {
        // Wait() throws what the work threw; only whether it ended matters here.
        var end = running.ContinueWith(static task => _ = task.Exception,
            CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        return end.Wait(patient ? Timeout.InfiniteTimeSpan : _grace);
    }
}
