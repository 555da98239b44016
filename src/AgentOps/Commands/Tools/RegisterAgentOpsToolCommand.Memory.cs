using System.Management.Automation;
using AgentOps.Engine.Memories;
using AgentOps.Engine.Tools;

namespace AgentOps.Commands;

/// <content>Tools that keep and recall facts.</content>
public sealed partial class RegisterAgentOpsToolCommand
{
    private const string MemorySet = "Memory";

    /// <summary>What it does with the agent's facts: <c>Remember</c>, <c>Recall</c> or <c>Forget</c>.</summary>
    [Parameter(Mandatory = true, ParameterSetName = MemorySet)]
    [ValidateSet("Remember", "Recall", "Forget")]
    public string Memory { get; set; } = string.Empty;

    /// <summary>Facts that all persons share for whom the agent acts, instead of each person's own.</summary>
    [Parameter(ParameterSetName = MemorySet)]
    public SwitchParameter Shared { get; set; }

    private ToolDefinition DefineMemory()
    {
        var memory = new MemoryTool(Enum.Parse<MemoryOperation>(Memory, ignoreCase: true), Shared);
        return new ToolDefinition
        {
            Name = Name!,
            Kind = ToolKind.Memory,
            Description = Description ?? memory.Description,
            Parameters = memory.Parameters,
            SideEffect = memory.SideEffect,
            Settings = memory.ToSettings(),
        };
    }
}
