using System.Collections;
using System.Globalization;
using System.Management.Automation;
using System.Text.Json;
using AgentOps.Completion;
using AgentOps.Engine.Workspaces;
using AgentOps.Hosting;
using AgentOps.Output;

namespace AgentOps.Commands;

/// <summary>
/// Tells whether an agent may use a resource, without using it and without moving any counter; without a resource, what the agent
/// can reach; without an agent, who may use the resource.
/// </summary>
[Cmdlet(VerbsDiagnostic.Test, "AgentOpsPermission")]
[OutputType(typeof(bool), typeof(Decision), ParameterSetName = ["Call"])]
[OutputType(typeof(Reach), ParameterSetName = ["Agent", "Resource"])]
public sealed class TestAgentOpsPermissionCommand : WorkspaceCmdlet
{
    /// <summary>The agents.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, ParameterSetName = "Call")]
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, ParameterSetName = "Agent")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(AgentNameCompleter))]
    [Alias("Name")]
    public string[] Agent { get; set; } = [];

    /// <summary>The resource.</summary>
    [Parameter(Mandatory = true, Position = 1, ParameterSetName = "Call")]
    [Parameter(Mandatory = true, ParameterSetName = "Resource")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ResourceCompleter))]
    public string Resource { get; set; } = string.Empty;

    /// <summary>The tool's arguments, as a model would give them.</summary>
    [Parameter(Position = 2, ParameterSetName = "Call")]
    public Hashtable? Argument { get; set; }

    /// <summary>Whom the agent would act for.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? OnBehalfOf { get; set; }

    /// <summary>The moment to decide for.</summary>
    [Parameter]
    public DateTimeOffset At { get; set; }

    /// <summary>Gives the whole decision, with every rule that was looked at; with an agent or a resource alone, how far they reach.</summary>
    [Parameter(ParameterSetName = "Call")]
    [Parameter(Mandatory = true, ParameterSetName = "Agent")]
    [Parameter(Mandatory = true, ParameterSetName = "Resource")]
    public SwitchParameter Detailed { get; set; }

    private protected override async Task ProcessAsync(CancellationToken cancellationToken)
    {
        var workspace = await GetWorkspaceAsync(cancellationToken);
        var now = MyInvocation.BoundParameters.ContainsKey(nameof(At)) ? At.ToUniversalTime() : DateTimeOffset.UtcNow;
        var behalf = OnBehalfOf ?? workspace.OnBehalfOf;
        switch (ParameterSetName)
        {
            case "Resource":
                await WriteReachAsync(await workspace.Permissions.WhoMayCallAsync(Resource, behalf, now, cancellationToken));
                break;
            case "Agent":
                foreach (var agent in Agent)
                {
                    await ForItemAsync(agent, async () => await WriteReachAsync(await workspace.Permissions.WhatCanReachAsync(agent, behalf, now, cancellationToken)));
                }

                break;
            default:
                await TestCallAsync(workspace, behalf, now, cancellationToken);
                break;
        }
    }

    private async Task TestCallAsync(Workspace workspace, string behalf, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var parameters = ArgumentRules.ParametersOf(await workspace.GetStateAsync(cancellationToken), [Resource]);
        using var arguments = JsonDocument.Parse(ArgumentRules.Listed(HashtableJson.ToObject(Argument ?? []), parameters).ToJsonString());
        foreach (var agent in Agent)
        {
            await ForItemAsync(agent, async () =>
            {
                var test = await workspace.Permissions.TestAsync(agent, Resource, arguments.RootElement, behalf, now, cancellationToken);
                await TellAsync(test, arguments.RootElement.GetRawText(), behalf, now);
                await WriteAsync(Detailed ? Decision.From(test) : test.IsAllowed);
            });
        }
    }

    /// <summary>The story of the decision: who asks what for whom and when, each rule that was looked at, what is demanded besides.</summary>
    private async Task TellAsync(Engine.Permissions.PermissionTest test, string arguments, string behalf, DateTimeOffset now)
    {
        await WriteVerboseAsync(string.Create(CultureInfo.InvariantCulture, $"May {test.Agent}, for {behalf}, use {test.Resource} {arguments} at {now:yyyy-MM-ddTHH:mm:ssZ}?"));
        foreach (var line in (test.Decision?.Explain().ToString() ?? test.Reason).Split('\n'))
        {
            await WriteVerboseAsync(line);
        }

        foreach (var obligation in test.Decision?.Obligations ?? [])
        {
            await WriteVerboseAsync($"{obligation.RuleId} demands {Engine.Permissions.RuleText.Describe(obligation)}.");
        }

        if (test.Constraints.Count > 0)
        {
            await WriteVerboseAsync($"The call has to meet the tool's constraints besides, on what its session saw: {string.Join(", ", test.Constraints)}.");
        }

        await WriteVerboseAsync($"{test.Decision?.Outcome.ToString() ?? "Deny"}; with any arguments {test.Agent}'s reach is {test.Reach}.");
    }

    private async Task WriteReachAsync(IEnumerable<Engine.Permissions.Reach> reaches)
    {
        foreach (var reach in reaches)
        {
            await WriteAsync(Reach.From(reach));
        }
    }
}
