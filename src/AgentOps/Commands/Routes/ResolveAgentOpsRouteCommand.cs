using System.Management.Automation;
using AgentOps.Completion;
using AgentOps.Engine.Providers;
using AgentOps.Hosting;
using AgentOps.Output;

namespace AgentOps.Commands;

/// <summary>Explains where a prompt would go and why; calls nothing.</summary>
[Cmdlet(VerbsDiagnostic.Resolve, "AgentOpsRoute")]
[OutputType(typeof(RouteCandidate))]
public sealed class ResolveAgentOpsRouteCommand : WorkspaceCmdlet
{
    /// <summary>The routes.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(RouteNameCompleter))]
    public string[] Name { get; set; } = [];

    /// <summary>The prompt.</summary>
    [Parameter(Mandatory = true, Position = 1, ValueFromPipeline = true)]
    [ValidateNotNullOrEmpty]
    public string Prompt { get; set; } = string.Empty;

    /// <summary>The agent that would ask; its permissions count.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(AgentNameCompleter))]
    public string? Agent { get; set; }

    /// <summary>The class of the most secret data in the prompt.</summary>
    [Parameter]
    [ValidateSet("public", "internal", "confidential", "secret")]
    public string? DataClass { get; set; }

    private protected override async Task ProcessAsync(CancellationToken cancellationToken)
    {
        var workspace = await GetWorkspaceAsync(cancellationToken);
        foreach (var name in Name)
        {
            await ForItemAsync(name, async () =>
            {
                var request = new ModelRequest { Model = string.Empty, Messages = [Message.Text(MessageRole.User, Prompt)], DataClass = DataClass?.ToLowerInvariant() };
                var decision = Agent is null
                    ? await workspace.Routes.ResolveAsync(name, request, cancellationToken)
                    : await workspace.Routes.ResolveAsync(name, request, Agent, workspace.OnBehalfOf, DateTimeOffset.UtcNow, cancellationToken);
                foreach (var candidate in decision.Candidates)
                {
                    await WriteAsync(RouteCandidate.From(decision, candidate));
                }
            });
        }
    }
}
