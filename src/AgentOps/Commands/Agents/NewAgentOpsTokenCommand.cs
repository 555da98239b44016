using System.Management.Automation;
using AgentOps.Completion;
using AgentOps.Hosting;
using AgentOps.Output;

namespace AgentOps.Commands;

/// <summary>Makes short-lived tokens with which clients call a served route as an agent.</summary>
[Cmdlet(VerbsCommon.New, "AgentOpsToken", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium, DefaultParameterSetName = AgentSet)]
[OutputType(typeof(AgentToken))]
public sealed class NewAgentOpsTokenCommand : WorkspaceCmdlet
{
    private const string AgentSet = "Agent";
    private const string SessionSet = "Session";

    /// <summary>The agents as which clients act; each token opens a session of its own.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, ParameterSetName = AgentSet)]
    [ValidateNotNullOrEmpty]
    [Alias("Name")]
    [ArgumentCompleter(typeof(AgentNameCompleter))]
    public string[] Agent { get; set; } = [];

    /// <summary>Running sessions that are to have another token.</summary>
    [Parameter(Mandatory = true, ParameterSetName = SessionSet)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(SessionIdCompleter))]
    public string[] Session { get; set; } = [];

    /// <summary>The route that the token opens; the agent's own where none is named.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(RouteNameCompleter))]
    public string? Route { get; set; }

    /// <summary>What the work is booked under.</summary>
    [Parameter(ParameterSetName = AgentSet)]
    [ValidateNotNullOrEmpty]
    public string? Task { get; set; }

    /// <summary>The most that the session may spend on models, in USD.</summary>
    [Parameter(ParameterSetName = AgentSet)]
    [ValidateRange(0, 1_000_000_000)]
    public decimal? MaxCost { get; set; }

    private protected override async Task ProcessAsync(CancellationToken cancellationToken)
    {
        var served = (await GetWorkspaceAsync(cancellationToken)).Served;
        await ForEachNameAsync(Agent, "Make a token to act as the agent", async name =>
            await WriteAsync(AgentToken.From(await served.OpenAsync(name, Route, Task, MaxCost, cancellationToken))));
        await ForEachNameAsync(Session, "Make another token for the session", async id =>
            await WriteAsync(AgentToken.From(await served.RenewAsync(id, Route, cancellationToken))));
    }
}
