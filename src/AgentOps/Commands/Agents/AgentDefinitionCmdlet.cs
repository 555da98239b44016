using System.Management.Automation;
using AgentOps.Completion;
using AgentOps.Engine.Agents;
using AgentOps.Hosting;

namespace AgentOps.Commands;

/// <summary>What New- and Set-AgentOpsAgent have in common: the words of a definition.</summary>
public abstract class AgentDefinitionCmdlet : WorkspaceCmdlet
{
    /// <summary>The system instructions.</summary>
    [Parameter]
    [AllowEmptyString]
    public string? Instructions { get; set; }

    /// <summary>The tools that the model is shown.</summary>
    [Parameter]
    [AllowEmptyCollection]
    [ArgumentCompleter(typeof(ToolNameCompleter))]
    public string[]? Tool { get; set; }

    /// <summary>Most that the agent may spend in its life, in USD.</summary>
    [Parameter]
    public decimal Budget { get; set; }

    /// <summary>Most that one invocation may spend, in USD.</summary>
    [Parameter]
    public decimal MaxCost { get; set; }

    /// <summary>Most model calls of one invocation.</summary>
    [Parameter]
    public int MaxSteps { get; set; }

    /// <summary>Most tool calls of one invocation.</summary>
    [Parameter]
    public int MaxToolCalls { get; set; }

    /// <summary>Longest wall time of one invocation.</summary>
    [Parameter]
    [Duration]
    public TimeSpan MaxDuration { get; set; }

    /// <summary>Most output tokens of one model call.</summary>
    [Parameter]
    public int MaxOutputTokens { get; set; }

    /// <summary>The highest data class of facts that it may keep beyond a session, and recall.</summary>
    [Parameter]
    [ValidateSet("public", "internal", "confidential", "secret")]
    public string? MemoryClearance { get; set; }

    /// <summary>A session that fails undoes what it did, as far as its tools name compensations, before it ends.</summary>
    [Parameter]
    public SwitchParameter UndoOnFailure { get; set; }

    private protected AgentDefinition Apply(AgentDefinition definition)
    {
        var limits = definition.Limits;
        return definition with
        {
            Instructions = Instructions ?? definition.Instructions,
            Tools = Tool ?? definition.Tools,
            Budget = IsBound(nameof(Budget)) ? Budget : definition.Budget,
            UndoOnFailure = IsBound(nameof(UndoOnFailure)) ? UndoOnFailure : definition.UndoOnFailure,
            MemoryClearance = MemoryClearance?.ToLowerInvariant() ?? definition.MemoryClearance,
            Limits = limits with
            {
                MaxCost = IsBound(nameof(MaxCost)) ? MaxCost : limits.MaxCost,
                MaxSteps = IsBound(nameof(MaxSteps)) ? MaxSteps : limits.MaxSteps,
                MaxToolCalls = IsBound(nameof(MaxToolCalls)) ? MaxToolCalls : limits.MaxToolCalls,
                MaxDuration = IsBound(nameof(MaxDuration)) ? MaxDuration : limits.MaxDuration,
                MaxOutputTokens = IsBound(nameof(MaxOutputTokens)) ? MaxOutputTokens : limits.MaxOutputTokens,
            },
        };
    }

    private bool IsBound(string parameter) => MyInvocation.BoundParameters.ContainsKey(parameter);
}
