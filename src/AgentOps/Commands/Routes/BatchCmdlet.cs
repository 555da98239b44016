using System.Globalization;
using System.Management.Automation;
using AgentOps.Engine.Errors;
using AgentOps.Engine.Routing;
using AgentOps.Engine.Workspaces;
using AgentOps.Errors;
using AgentOps.Hosting;

namespace AgentOps.Commands;

/// <summary>A cmdlet that waits for batches and gives their answers.</summary>
public abstract class BatchCmdlet : WorkspaceCmdlet
{
    private const int ProgressId = 0x4147_0005;

    /// <summary>Waits until a batch has ended. Whoever stops this leaves the batch running.</summary>
    private protected async Task WaitAsync(Workspace workspace, BatchState batch, CancellationToken cancellationToken)
    {
        var told = false;
        var doubted = false;
        try
        {
            await foreach (var progress in workspace.Batches.WatchAsync(batch.Id, cancellationToken))
            {
                if (progress.Unknown is { } unknown && !doubted)
                {
                    doubted = true;
                    await WriteWarningAsync($"{unknown} It is asked for again until that is known.");
                }
                else if (progress is { IsEnded: false, Unknown: null } && !told)
                {
                    told = true;
                    await WriteWarningAsync($"The batch {batch.Id} runs at {batch.Target}{Until(progress.Expires)}. Ctrl+C leaves it running; 'Receive-AgentOpsBatch {batch.Id}' collects it, in any session.");
                }

                await WriteProgressAsync(new ProgressRecord(ProgressId, $"Batch {batch.Id}",
                    string.Create(CultureInfo.InvariantCulture, $"{progress.Done} of {batch.Count} done, {progress.Status}"))
                {
                    PercentComplete = batch.Count == 0 ? 100 : Math.Clamp(100 * progress.Done / batch.Count, 0, 100),
                });
            }
        }
        finally
        {
            if (!cancellationToken.IsCancellationRequested)
            {
                await WriteProgressAsync(new ProgressRecord(ProgressId, $"Batch {batch.Id}", "Done") { RecordType = ProgressRecordType.Completed });
            }
        }
    }

    /// <summary>Gives the answers of a batch that has ended, and an error for each prompt without one.</summary>
    private protected async Task GiveAsync(Workspace workspace, string id, CancellationToken cancellationToken)
    {
        foreach (var answer in await workspace.Batches.CollectAsync(id, cancellationToken))
        {
            await TellAsync(answer);
        }
    }

    /// <summary>Gives an answer, or an error about its prompt.</summary>
    private protected Task TellAsync(RouteBatchAnswer answer)
    {
        var prompt = answer.Request.Request.Messages[^1].TextContent;
        return answer.Error is { } error
            ? WriteErrorAsync(ErrorRecords.From(new AgentOpsException(error.Code, error.Message, prompt, error.Mend, error), prompt))
            : WriteAsync(Output.Completion.From(answer, prompt));
    }

    private static string Until(DateTimeOffset? expires) =>
        expires is { } time ? string.Create(CultureInfo.InvariantCulture, $", until {time.UtcDateTime:yyyy-MM-dd HH:mm} UTC at the latest") : string.Empty;
}
