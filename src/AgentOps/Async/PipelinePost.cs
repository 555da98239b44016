namespace AgentOps.Async;

/// <summary>One piece of work that waits for the pipeline thread, and the answer its sender waits for.</summary>
internal abstract class PipelinePost
{
    /// <summary>Runs it on the pipeline thread. What it throws is both the sender's and the pump's.</summary>
    public abstract void Run();

    /// <summary>Tells the sender that it will never run.</summary>
    public abstract void Refuse();
}

/// <summary>A post with an answer.</summary>
internal sealed class PipelinePost<T>(Func<T> work) : PipelinePost
{
    // Without RunContinuationsAsynchronously the sender's continuation would run on the pipeline thread, inside the pump.
    private readonly TaskCompletionSource<T> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<T> Answer => _answer.Task;

    public override void Run()
    {
        try
        {
            _answer.TrySetResult(work());
        }
        catch
        {
            // The pump rethrows it on the pipeline thread; the sender only learns that its work is over.
            _answer.TrySetCanceled();
            throw;
        }
    }

    public override void Refuse() => _answer.TrySetCanceled();
}
