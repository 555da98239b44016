using System.Diagnostics;
using AgentOps.Engine.Errors;

namespace AgentOps.Engine.Ledger;

/// <summary>The exclusive lock between the processes, and between the stores of one process.</summary>
internal sealed class FileLock(string path, ILedgerFiles files, TimeSpan timeout)
{
    private const int QuickTries = 20;

    /// <summary>Waits for the lock.</summary>
    /// <exception cref="AgentOpsException">StoreBusy: another one kept it for longer than the time-out.</exception>
    public async ValueTask<IAsyncDisposable> AcquireAsync(CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        for (var attempt = 0; ; attempt++)
        {
            if (files.TryLock(path) is { } held)
            {
                return new HeldLock(held);
            }

            if (Stopwatch.GetElapsedTime(started) > timeout)
            {
                throw new AgentOpsException(ErrorCodes.StoreBusy, $"Another process has held '{path}' for {timeout.TotalSeconds:0} seconds.", path);
            }

            if (attempt < QuickTries)
            {
                Thread.Yield();
                cancellationToken.ThrowIfCancellationRequested();
            }
            else
            {
                // Neither Unix nor Windows has a lock of files that can be waited for and cancelled; uneven waits keep
                // many processes from meeting each other again and again.
                await Task.Delay(Random.Shared.Next(1, 4), cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Tells whether the lock, which the caller holds, keeps another handle out.</summary>
    /// <exception cref="AgentOpsException">StorePlaceUnsupported: the file system does not really lock.</exception>
    public void CheckThatItExcludes()
    {
        if (files.TryLock(path) is { } second)
        {
            second.Dispose();
            throw new AgentOpsException(ErrorCodes.StorePlaceUnsupported, $"The file system of '{path}' does not keep a second process out of a locked file.", path);
        }
    }
}

/// <summary>A lock that is held.</summary>
internal sealed class HeldLock(IDisposable handle) : IAsyncDisposable
{
    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        handle.Dispose();
        return ValueTask.CompletedTask;
    }
}
