using System.Collections;
using System.Globalization;
using System.Management.Automation;
using AgentOps.Engine.Invocation;
using AgentOps.Engine.Workspaces;
using AgentOps.Output;
using SessionEvent = AgentOps.Engine.Invocation.SessionEvent;

namespace AgentOps.Hosting;

/// <summary>A cmdlet that runs sessions, and tells what happens in them.</summary>
public abstract class RunningCmdlet : WorkspaceCmdlet
{
    private const int MaxAttempts = 3;

    private const int ProgressId = 0x4147_0001;

    /// <summary>Gives events as they happen, the last one with the result.</summary>
    [Parameter]
    public SwitchParameter Stream { get; set; }

    /// <summary>Lets go of the session when a call needs approval, instead of waiting for the persons who are asked.</summary>
    [Parameter]
    public SwitchParameter NoWait { get; set; }

    /// <summary>Runs a session to its end and writes what the user asked to see of it.</summary>
    private protected async Task RunAsync(Workspace workspace, string activity, IAsyncEnumerable<SessionEvent> events, CancellationToken cancellationToken)
    {
        var progress = new ProgressRecord(ProgressId, activity, "Starting");
        var plan = new List<StreamEvent>();
        try
        {
            await foreach (var item in events.WithCancellation(cancellationToken))
            {
                await TellAsync(item, progress);
                if (item.Kind == SessionEventKind.NotUndone)
                {
                    await WriteWarningAsync($"What the call {item.Call} of {item.Tool} did was not undone: {item.Reason}");
                }

                if (item.Form is not null)
                {
                    await AskAsync(workspace, item, cancellationToken);
                }

                if (item.Kind == SessionEventKind.ToolPlanned)
                {
                    plan.Add(StreamEvent.From(item));
                }

                if (Stream)
                {
                    await WriteAsync(StreamEvent.From(item));
                }
                else if (item.Result is { } result)
                {
                    await WriteAsync(Result.From(result) with { Plan = plan });
                }
            }
        }
        finally
        {
            progress.RecordType = ProgressRecordType.Completed;
            if (!cancellationToken.IsCancellationRequested)
            {
                await WriteProgressAsync(progress);
            }
        }
    }

    /// <summary>Puts a question to the person at the host, again where the answer does not fit; where nobody is, it stays a request.</summary>
    private async Task AskAsync(Workspace workspace, SessionEvent item, CancellationToken cancellationToken)
    {
        Hashtable? answer = null;
        string? misfit = string.Empty;
        for (var attempt = 0; attempt < MaxAttempts && misfit is not null; attempt++)
        {
            var problem = misfit;
            answer = await OnPipelineAsync(() => QuestionPrompt.Ask(Host, item.Agent, item.Arguments ?? "{}", item.Form!, problem));
            misfit = answer is null ? null : await workspace.Requests.FindMisfitAsync(item.Approval!, AnswerJson.Of(answer), cancellationToken);
        }

        if (answer is null)
        {
            await WriteWarningAsync($"The agent {item.Agent} asks a question. Answer it with Approve-AgentOpsRequest {item.Approval} -Answer …");
            return;
        }

        await ForItemAsync(item.Approval!, async () =>
            await workspace.Requests.AnswerAsync(item.Approval!, approves: true, null, AnswerJson.Of(answer), cancellationToken));
    }

    /// <summary>The story of the session: progress for who watches, verbose for who wants to know why.</summary>
    private async Task TellAsync(SessionEvent item, ProgressRecord progress)
    {
        var detail = item.Detail is { Length: > 0 } more ? $" ({more})" : string.Empty;
        var story = item.Kind switch
        {
            SessionEventKind.Opened => $"Session {item.Session} of {item.Agent} opened{detail}.",
            SessionEventKind.Resumed => $"Session {item.Session} of {item.Agent} taken over{detail}.",
            SessionEventKind.RouteChosen => $"Model call {item.Step}: {item.Detail}.",
            SessionEventKind.RouteFailed => $"Model call {item.Step}: {item.Detail} failed: {item.Reason}",
            SessionEventKind.ModelCompleted => string.Create(CultureInfo.InvariantCulture, $"Model call {item.Step} ended; it cost ${item.Cost}."),
            SessionEventKind.ToolStarted => $"Allowed by {string.Join(", ", item.Rules)}: {item.Tool} {item.Arguments}{detail}",
            SessionEventKind.ToolCompleted => $"{item.Tool} ended: {item.Outcome}.",
            SessionEventKind.ToolRefused => $"Refused: {item.Tool} {item.Arguments}: {item.Reason}{Rules(item)}{detail}",
            SessionEventKind.ApprovalRequested => $"Waiting for approval of {item.Tool} {item.Arguments}: request {item.Approval}{Rules(item)}{detail}",
            SessionEventKind.ToolPlanned => $"Planned, not run: {item.Tool} {item.Arguments}{Rules(item)}{detail}",
            SessionEventKind.AnswerRefused => $"The answer does not fit its schema: {item.Reason}",
            SessionEventKind.Compacted => "The older part of the conversation became a summary.",
            SessionEventKind.LimitReached => $"A limit struck: {item.Reason}",
            SessionEventKind.Undoing => $"Session {item.Session} failed and undoes what it did: {item.Reason}",
            SessionEventKind.NotUndone => $"Not undone: {item.Tool} ({item.Call}): {item.Reason}",
            SessionEventKind.Waiting => $"Session {item.Session} waits: {item.Reason}",
            SessionEventKind.Ended => string.Create(CultureInfo.InvariantCulture, $"Session {item.Session} ended: {item.Reason} It cost ${item.Cost}."),
            _ => null,
        };
        if (story is not null)
        {
            await WriteVerboseAsync(story);
            progress.StatusDescription = story;
            await WriteProgressAsync(progress);
        }
    }

    private static string Rules(SessionEvent item) => item.Rules.Count == 0 ? string.Empty : $" [{string.Join(", ", item.Rules)}]";
}
