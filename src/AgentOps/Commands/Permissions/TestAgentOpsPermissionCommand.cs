using System.Collections;
using System.Management.Automation;
using System.Text.Json;
using AgentOps.Completion;
using AgentOps.Hosting;
using AgentOps.Output;

namespace AgentOps.Commands;

/// <summary>Tells whether an agent may use a resource, without using it and without moving any counter.</summary>
[Cmdlet(VerbsDiagnostic.Test, "AgentOpsPermission")]
[OutputType(typeof(bool), typeof(Decision))]
public sealed class TestAgentOpsPermissionCommand : WorkspaceCmdlet
{
    /// <summary>The agents.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(AgentNameCompleter))]
    [Alias("Name")]
    public string[] Agent { get; set; } = [];

    /// <summary>The resource.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ResourceCompleter))]
    public string Resource { get; set; } = string.Empty;

    /// <summary>The tool's arguments, as a model would give them.</summary>
    [Parameter(Position = 2)]
    public Hashtable? Argument { get; set; }

    /// <summary>Whom the agent would act for.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? OnBehalfOf { get; set; }

    /// <summary>The moment to decide for.</summary>
    [Parameter]
    public DateTimeOffset At { get; set; }

    /// <summary>Gives the whole decision, with every rule that was looked at.</summary>
    [Parameter]
    public SwitchParameter Detailed { get; set; }

    private protected override async Task ProcessAsync(CancellationToken cancellationToken)
    {
        var workspace = await GetWorkspaceAsync(cancellationToken);
        var now = MyInvocation.BoundParameters.ContainsKey(nameof(At)) ? At.ToUniversalTime() : DateTimeOffset.UtcNow;
        var parameters = ArgumentRules.ParametersOf(await workspace.GetStateAsync(cancellationToken), [Resource]);
        using var arguments = JsonDocument.Parse(ArgumentRules.Listed(HashtableJson.ToObject(Argument ?? []), parameters).ToJsonString());
        foreach (var agent in Agent)
        {
            await ForItemAsync(agent, async () =>
            {
                var test = await workspace.Permissions.TestAsync(agent, Resource, arguments.RootElement, OnBehalfOf ?? workspace.OnBehalfOf, now, cancellationToken);
                await WriteVerboseAsync($"{agent}, {Resource}: {test.Reason}");
                await WriteAsync(Detailed ? Decision.From(test) : test.IsAllowed);
            });
        }
    }
}
