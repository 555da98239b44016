using System.Management.Automation;
using System.Management.Automation.Runspaces;
using AgentOps.Engine.Errors;
using AgentOps.Engine.Permissions;

namespace AgentOps.Hosting;

/// <summary>Finds a command and reads what a tool needs to know of it. Used on the pipeline thread.</summary>
internal static class CommandLookup
{
    private const string ScriptName = "Invoke-Script";

    private static readonly HashSet<string> Always = new(StringComparer.OrdinalIgnoreCase)
    {
        "Microsoft.PowerShell.Core", "Microsoft.PowerShell.Management", "Microsoft.PowerShell.Utility",
    };

    /// <summary>The command behind a name or an alias.</summary>
    /// <exception cref="AgentOpsException"><c>CommandNotFound</c>, <c>CommandNotAllowed</c>.</exception>
    public static CommandInfo Find(CommandInvocationIntrinsics commands, string name)
    {
        var found = commands.GetCommand(name, CommandTypes.Cmdlet | CommandTypes.Function | CommandTypes.Alias | CommandTypes.Application | CommandTypes.ExternalScript);
        var command = found is AliasInfo alias ? alias.ResolvedCommand : found;
        if (command is null)
        {
            throw new AgentOpsException(ErrorCodes.CommandNotFound, $"There is no command '{name}' in this session.", name);
        }

        return CommandRefusal.Find(command) is { } reason
            ? throw new AgentOpsException(ErrorCodes.CommandNotAllowed, $"'{command.Name}' can't be a tool: {reason}.", command.Name)
            : command;
    }

    /// <summary>The module that the tool's runspace has to import; null for PowerShell's own.</summary>
    public static string? Module(CommandInfo command) =>
        string.IsNullOrEmpty(command.ModuleName) || Always.Contains(command.ModuleName) ? null : command.Module?.Path ?? command.ModuleName;

    /// <summary>The synopsis of its help and the words on each parameter; empty where it has none beyond its syntax.</summary>
    public static (string Synopsis, IReadOnlyDictionary<string, string> Parameters) Help(CommandInvocationIntrinsics commands, string name)
    {
        const string script = """
            param($name)
            Set-StrictMode -Off
            $help = Get-Help -Name $name -Full -ErrorAction Ignore | Select-Object -First 1
            $synopsis = "$($help.Synopsis)".Trim()
            if ($synopsis -and $synopsis -notlike "$name *") { $synopsis } else { '' }
            foreach ($parameter in $help.parameters.parameter) {
                $words = "$($parameter.description.Text -join ' ')".Trim()
                if ($words) { "$($parameter.name)"; $words }
            }
            """;
        var lines = commands.InvokeScript(script, true, PipelineResultTypes.None, null, name).Select(line => line?.ToString() ?? string.Empty).ToArray();
        var parameters = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        for (var i = 1; i + 1 < lines.Length; i += 2)
        {
            parameters[lines[i]] = lines[i + 1];
        }

        return (lines.Length > 0 ? lines[0] : string.Empty, parameters);
    }

    /// <summary>The parameters of a script's <c>param</c> block, read in a runspace of its own.</summary>
    /// <param name="script">The script.</param>
    /// <param name="leftOut">Gets the names of those that a model can't give and the script can do without.</param>
    /// <exception cref="AgentOpsException"><c>InvalidToolParameter</c>: one that the script needs can't be given by a model.</exception>
    public static IReadOnlyList<ToolParameter> ScriptParameters(string script, ICollection<string> leftOut)
    {
        var state = InitialSessionState.Create();
        state.LanguageMode = PSLanguageMode.FullLanguage;
        state.Commands.Add(new SessionStateFunctionEntry(ScriptName, script));
        using var runspace = RunspaceFactory.CreateRunspace(state);
        runspace.Open();
        var command = runspace.SessionStateProxy.InvokeCommand.GetCommand(ScriptName, CommandTypes.Function);
        var set = CommandSchema.FindSet(command, null);
        foreach (var parameter in set.Parameters.Where(parameter => CommandSchema.IsLeftOut(parameter)))
        {
            if (parameter.IsMandatory)
            {
                throw new AgentOpsException(ErrorCodes.InvalidToolParameter,
                    $"The script needs the parameter '{parameter.Name}', and a model can't give a value of its type, {parameter.ParameterType.Name}.", parameter.Name,
                    "Write a type before its name: [string], [int], [decimal], [bool], [switch], [datetime], or a list of one such as [string[]].");
            }

            leftOut.Add(parameter.Name);
        }

        return CommandSchema.Parameters(command, set.Parameters, _ => null)
            .Select(parameter => parameter with { Literals = LiteralRules.None })
            .ToArray();
    }
}
