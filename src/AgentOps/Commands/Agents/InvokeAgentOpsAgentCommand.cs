using System.Globalization;
using System.Management.Automation;
using AgentOps.Completion;
using AgentOps.Engine.Invocation;
using AgentOps.Hosting;
using AgentOps.Output;

namespace AgentOps.Commands;

/// <summary>Asks an agent, and lets it act within its permissions.</summary>
[Cmdlet(VerbsLifecycle.Invoke, "AgentOpsAgent", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(Result), typeof(StreamEvent))]
public sealed class InvokeAgentOpsAgentCommand : WorkspaceCmdlet
{
    private const int ProgressId = 0x4147_0001;

    /// <summary>The agent.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(AgentNameCompleter))]
    public string Name { get; set; } = string.Empty;

    /// <summary>What it is asked; each prompt is a session of its own.</summary>
    [Parameter(Mandatory = true, Position = 1, ValueFromPipeline = true)]
    [ValidateNotNullOrEmpty]
    public string[] Prompt { get; set; } = [];

    /// <summary>What the work is booked under.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Task { get; set; }

    /// <summary>Gives events as they happen, the last one with the result.</summary>
    [Parameter]
    public SwitchParameter Stream { get; set; }

    /// <summary>Runs only tools without side effect, and lists the other calls with their decisions.</summary>
    [Parameter]
    public SwitchParameter PlanOnly { get; set; }

    /// <summary>Puts off a call that needs approval, instead of waiting for the persons who are asked.</summary>
    [Parameter]
    public SwitchParameter NoWait { get; set; }

    /// <summary>A bound on spend tighter than the agent's own, in USD.</summary>
    [Parameter]
    [ValidateRange(0, 1_000_000_000)]
    public decimal MaxCost { get; set; }

    /// <summary>A bound on model calls tighter than the agent's own.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int MaxSteps { get; set; }

    /// <summary>A bound on wall time tighter than the agent's own.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int OperationTimeoutSeconds { get; set; }

    private protected override async Task ProcessAsync(CancellationToken cancellationToken)
    {
        var workspace = await GetWorkspaceAsync(cancellationToken);
        var bound = MyInvocation.BoundParameters;
        foreach (var prompt in Prompt)
        {
            await ForItemAsync(Name, async () =>
            {
                if (!await ConfirmAsync(Name, "Invoke the agent"))
                {
                    return;
                }

                var request = new InvocationRequest
                {
                    Agent = Name,
                    Prompt = prompt,
                    Task = Task,
                    PlanOnly = PlanOnly,
                    NoWait = NoWait,
                    MaxCost = bound.ContainsKey(nameof(MaxCost)) ? MaxCost : null,
                    MaxSteps = bound.ContainsKey(nameof(MaxSteps)) ? MaxSteps : null,
                    MaxDuration = bound.ContainsKey(nameof(OperationTimeoutSeconds)) ? TimeSpan.FromSeconds(OperationTimeoutSeconds) : null,
                };
                await InvokeAsync(workspace.Invoker, request, cancellationToken);
            });
        }
    }

    private async Task InvokeAsync(AgentInvoker invoker, InvocationRequest request, CancellationToken cancellationToken)
    {
        var progress = new ProgressRecord(ProgressId, $"Agent {request.Agent}", "Starting");
        try
        {
            await foreach (var item in invoker.InvokeAsync(request, cancellationToken))
            {
                await TellAsync(item, progress);
                if (Stream)
                {
                    await WriteAsync(StreamEvent.From(item));
                }
                else if (item.Result is { } result)
                {
                    await WriteAsync(Result.From(result));
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

    /// <summary>The story of the session: progress for who watches, verbose for who wants to know why.</summary>
    private async Task TellAsync(SessionEvent item, ProgressRecord progress)
    {
        var story = item.Kind switch
        {
            SessionEventKind.Opened => $"Session {item.Session} opened.",
            SessionEventKind.ModelCompleted => string.Create(CultureInfo.InvariantCulture, $"Model call {item.Step} ended; it cost ${item.Cost}."),
            SessionEventKind.ToolStarted => $"Allowed by {string.Join(", ", item.Rules)}: {item.Tool} {item.Arguments}",
            SessionEventKind.ToolCompleted => $"{item.Tool} ended: {item.Outcome}.",
            SessionEventKind.ToolRefused => $"Refused: {item.Tool} {item.Arguments}: {item.Reason}",
            SessionEventKind.ApprovalRequested => $"Waiting for approval of {item.Tool} {item.Arguments}: request {item.Approval}",
            SessionEventKind.ToolPlanned => $"Planned, not run: {item.Tool} {item.Arguments}",
            SessionEventKind.Ended => $"Session {item.Session} ended: {item.Reason}",
            _ => null,
        };
        if (story is not null)
        {
            await WriteVerboseAsync(story);
            progress.StatusDescription = story;
            await WriteProgressAsync(progress);
        }
    }
}
