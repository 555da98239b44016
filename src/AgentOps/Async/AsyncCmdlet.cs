using System.Management.Automation;
using System.Management.Automation.Host;
using System.Runtime.ExceptionServices;
using AgentOps.Engine.Errors;
using AgentOps.Errors;

namespace AgentOps.Async;

/// <summary>
/// A cmdlet whose work is asynchronous. The work runs on the thread pool; whatever it says to the pipeline goes
/// through the <see cref="PipelineBridge"/> to the pipeline thread and is awaited.
/// </summary>
public abstract class AsyncCmdlet : PSCmdlet, IDisposable
{
    private static readonly TimeSpan StopGrace = TimeSpan.FromMilliseconds(700);

    private readonly PipelineBridge _bridge = new(StopGrace);
    private volatile bool _stopping;

    /// <summary>
    /// Work beside the pipeline, from one record to the next. The command's end, however early, cancels it and gives it a moment to
    /// end, so that what it has begun is booked before the next command runs.
    /// </summary>
    private protected Task Beside { get; set; } = Task.CompletedTask;

    /// <summary>Runs <see cref="BeginAsync"/>; an error in it ends the command.</summary>
    protected sealed override void BeginProcessing() => Run(BeginAsync, terminating: true);

    /// <summary>Runs <see cref="ProcessAsync"/>; an error in it is about this one item, the next is still processed.</summary>
    protected sealed override void ProcessRecord() => Run(ProcessAsync, terminating: false);

    /// <summary>Runs <see cref="EndAsync"/>.</summary>
    protected sealed override void EndProcessing() => Run(EndAsync, terminating: false);

    /// <summary>Cancels the work; the command ends within a second.</summary>
    protected sealed override void StopProcessing()
    {
        _stopping = true;
        _bridge.Cancel();
    }

    /// <summary>Cancels what still runs: the pipeline may end a command early without stopping it.</summary>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Lets a derived cmdlet release what it holds.</summary>
    /// <param name="disposing">True when called from <see cref="Dispose()"/>.</param>
    protected virtual void Dispose(bool disposing)
    {
        if (disposing)
        {
            _bridge.Dispose();
            ((IAsyncResult)Beside).AsyncWaitHandle.WaitOne(StopGrace);
        }
    }

    private protected virtual Task BeginAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private protected virtual Task ProcessAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private protected virtual Task EndAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>
    /// Computes something that only the pipeline thread may. What it throws is the caller's to handle and leaves the pipeline
    /// whole, unlike a failing write.
    /// </summary>
    private protected async Task<T> OnPipelineAsync<T>(Func<T> work)
    {
        var (value, failure) = await _bridge.PostAsync(() =>
        {
            try
            {
                return (Value: work(), Failure: (ExceptionDispatchInfo?)null);
            }
            catch (Exception exception) when (exception is not PipelineStoppedException)
            {
                return (Value: default(T)!, Failure: ExceptionDispatchInfo.Capture(exception));
            }
        }).ConfigureAwait(false);
        failure?.Throw();
        return value;
    }

    private protected Task WriteAsync(object? value) => PostAsync(() => WriteObject(value));

    private protected Task WriteErrorAsync(ErrorRecord error) => PostAsync(() => WriteError(error));

    private protected Task WriteVerboseAsync(string text) => PostAsync(() => WriteVerbose(text));

    private protected Task WriteWarningAsync(string text) => PostAsync(() => WriteWarning(text));

    private protected Task WriteProgressAsync(ProgressRecord progress) => PostAsync(() => WriteProgress(progress));

    /// <summary>Ends the whole command with an error, whatever the caller's preference: what a CI run must not pass over.</summary>
    private protected Task ThrowTerminatingAsync(ErrorRecord error) => PostAsync(() => ThrowTerminatingError(error));

    /// <summary>Says a line to the host itself, which a program around PowerShell reads; it is asked for by a parameter.</summary>
    private protected Task WriteToHostAsync(string line) => PostAsync(() => WriteInformation(new HostInformationMessage { Message = line }, ["PSHOST"]));

    private protected Task<bool> ConfirmAsync(string target, string action) => OnPipelineAsync(() =>
    {
        try
        {
            return ShouldProcess(target, action);
        }
        catch (Exception exception) when (exception is HostException or PSInvalidOperationException or NotImplementedException)
        {
            // The host has nobody to ask: a script, a job, a service.
            throw new AgentOpsException(ErrorCodes.ConfirmationUnavailable, $"'{action}' on '{target}' asks for confirmation, and nobody can be asked here.", target, innerException: exception);
        }
    });

    /// <summary>Asks once more before something that can't be undone, whatever the preference says; for a cmdlet with a switch that answers it.</summary>
    private protected Task<bool> ContinueAsync(string target, string query, string caption) => OnPipelineAsync(() =>
    {
        try
        {
            return ShouldContinue(query, caption);
        }
        catch (Exception exception) when (exception is HostException or PSInvalidOperationException or NotImplementedException)
        {
            throw new AgentOpsException(ErrorCodes.ConfirmationUnavailable, $"'{caption}' on '{target}' asks for confirmation, and nobody can be asked here.", target, innerException: exception);
        }
    });

    /// <summary>Does one item; its error is written and the caller goes on with the next.</summary>
    private protected async Task ForItemAsync(object item, Func<Task> work)
    {
        try
        {
            await work().ConfigureAwait(false);
        }
        catch (Exception exception) when (!_bridge.Cancellation.IsCancellationRequested && exception is not OperationCanceledException)
        {
            await WriteErrorAsync(ErrorRecords.From(exception, item)).ConfigureAwait(false);
        }
    }

    private Task<bool> PostAsync(Action work) => _bridge.PostAsync(() =>
    {
        work();
        return true;
    });

    private void Run(Func<CancellationToken, Task> work, bool terminating)
    {
        if (_stopping)
        {
            throw new PipelineStoppedException();
        }

        Exception failure;
        try
        {
            _bridge.Run(work);
            return;
        }
        catch (OperationCanceledException) when (_bridge.Cancellation.IsCancellationRequested)
        {
            throw new PipelineStoppedException();
        }
        catch (Exception exception) when (!IsPipelinesOwn(exception))
        {
            failure = exception;
        }

        var error = ErrorRecords.From(failure, target: null);
        if (terminating)
        {
            ThrowTerminatingError(error);
        }

        WriteError(error);
    }

    /// <summary>What the pump rethrows belongs to PowerShell: flow control, a stop, a failing command downstream.</summary>
    private static bool IsPipelinesOwn(Exception exception) =>
        exception is PipelineStoppedException or RuntimeException
        || exception.GetType().Namespace?.StartsWith("System.Management.Automation", StringComparison.Ordinal) == true;
}
