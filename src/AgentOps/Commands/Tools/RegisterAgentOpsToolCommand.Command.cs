using System.Management.Automation;
using AgentOps.Engine.Errors;
using AgentOps.Engine.Tools;
using AgentOps.Hosting;

namespace AgentOps.Commands;

/// <content>Tools that are commands of PowerShell.</content>
public sealed partial class RegisterAgentOpsToolCommand
{
    private const string CommandSet = "Command";

    /// <summary>A cmdlet, or a function of a module.</summary>
    [Parameter(Mandatory = true, ParameterSetName = CommandSet, ValueFromPipeline = true)]
    [ValidateNotNullOrEmpty]
    public string Command { get; set; } = string.Empty;

    /// <summary>The parameter set of the command that becomes the tool.</summary>
    [Parameter(ParameterSetName = CommandSet)]
    [ValidateNotNullOrEmpty]
    [Alias("ParameterSetName")]
    public string? ParameterSet { get; set; }

    /// <summary>Only these parameters of the command are shown to the model.</summary>
    [Parameter(ParameterSetName = CommandSet)]
    [ValidateNotNullOrEmpty]
    public string[]? IncludeParameter { get; set; }

    private ToolDefinition DefineCommand()
    {
        var command = CommandLookup.Find(InvokeCommand, Command);
        var set = CommandSchema.FindSet(command, ParameterSet);
        var (synopsis, words) = CommandLookup.Help(InvokeCommand, command.Name);
        var parameters = CommandSchema.Parameters(command, set.Parameters, words.GetValueOrDefault);
        if (IncludeParameter is not null)
        {
            var all = parameters;
            parameters = parameters.Where(parameter => parameter.IsMandatory || IncludeParameter.Contains(parameter.Name, StringComparer.OrdinalIgnoreCase)).ToArray();
            var unknown = IncludeParameter.FirstOrDefault(name => !parameters.Any(parameter => string.Equals(parameter.Name, name, StringComparison.OrdinalIgnoreCase)));
            if (unknown is not null)
            {
                throw new AgentOpsException(ErrorCodes.ToolInvalid, $"'{command.Name}' has no parameter '{unknown}' in the set '{set.Name}' that a model can give.", unknown,
                    $"Name some of these with -IncludeParameter: {string.Join(", ", all.Select(parameter => parameter.Name))}. Another set is named with -ParameterSet.");
            }
        }

        return new ToolDefinition
        {
            Name = Name ?? command.Name,
            Kind = ToolKind.Command,
            Description = Description ?? (synopsis.Length > 0 ? synopsis : command.Name),
            Parameters = parameters,
            Settings = new CommandTool(command.Name, ParameterSet, CommandLookup.Module(command)).ToSettings(),
        };
    }
}
