using System.Management.Automation;
using AgentOps.Completion;
using AgentOps.Engine.Invocation;
using AgentOps.Hosting;
using AgentOps.Output;

namespace AgentOps.Commands;

/// <summary>Asks an agent, and lets it act within its permissions.</summary>
[Cmdlet(VerbsLifecycle.Invoke, "AgentOpsAgent", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(Result), typeof(StreamEvent))]
public sealed class InvokeAgentOpsAgentCommand : RunningCmdlet
{
    /// <summary>The agent.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(AgentNameCompleter))]
    public string Name { get; set; } = string.Empty;

    /// <summary>What it is asked; each prompt is a session of its own, unless one is named.</summary>
    [Parameter(Mandatory = true, Position = 1, ValueFromPipeline = true)]
    [ValidateNotNullOrEmpty]
    public string[] Prompt { get; set; } = [];

    /// <summary>What the work is booked under.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Task { get; set; }

    /// <summary>A session of the agent's that has ended, to be gone on with.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(SessionIdCompleter))]
    public string? Session { get; set; }

    /// <summary>Runs only tools without side effect, and lists the other calls with their decisions.</summary>
    [Parameter]
    public SwitchParameter PlanOnly { get; set; }

    /// <summary>A JSON Schema that the final answer must fit: JSON text, or a hashtable. The result has the answer's value as Output.</summary>
    [Parameter]
    [ValidateNotNull]
    public object? OutputSchema { get; set; }

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
        var schema = OutputSchema is null ? null : await OnPipelineAsync(() => AnswerSchema.Parse(SchemaJson.Of(OutputSchema)));
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
                    Session = Session,
                    Task = Task,
                    PlanOnly = PlanOnly,
                    OutputSchema = schema,
                    NoWait = NoWait,
                    MaxCost = bound.ContainsKey(nameof(MaxCost)) ? MaxCost : null,
                    MaxSteps = bound.ContainsKey(nameof(MaxSteps)) ? MaxSteps : null,
                    MaxDuration = bound.ContainsKey(nameof(OperationTimeoutSeconds)) ? TimeSpan.FromSeconds(OperationTimeoutSeconds) : null,
                };
                await RunAsync(workspace, $"Agent {Name}", workspace.Invoker.InvokeAsync(request, cancellationToken), cancellationToken);
            });
        }
    }
}
