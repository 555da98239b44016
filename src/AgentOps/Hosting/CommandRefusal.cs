using System.Management.Automation;

namespace AgentOps.Hosting;

/// <summary>
/// Which commands can never be tools: those that run other commands, make them, leave for another process or host, wait for a
/// person, or change what AgentOps itself allows.
/// </summary>
internal static class CommandRefusal
{
    private static readonly HashSet<string> Names = new(StringComparer.OrdinalIgnoreCase)
    {
        "Add-Type", "Enter-PSHostProcess", "Exit-PSHostProcess", "ForEach-Object", "Get-Credential", "Import-Alias", "Import-Module", "Invoke-CimMethod",
        "Invoke-Command", "Invoke-Expression", "Invoke-History", "Invoke-Item", "Invoke-WmiMethod", "Measure-Command", "New-Alias", "New-Module",
        "New-Object", "New-Service", "Out-Host", "Read-Host", "Receive-PSSession", "Register-ArgumentCompleter", "Set-Alias", "Set-ExecutionPolicy",
        "Set-PSDebug", "Set-Service", "Sort-Object", "Start-Process", "Start-Transcript", "Start-ThreadJob", "Tee-Object", "Trace-Command", "Update-FormatData",
        "Update-TypeData", "Use-Transaction", "Where-Object", "Debug-Process", "Debug-Runspace", "Wait-Debugger", "Set-PSBreakpoint", "Enable-PSRemoting",
    };

    private static readonly HashSet<string> Nouns = new(StringComparer.OrdinalIgnoreCase)
    {
        "Job", "PSSession", "PSSessionConfiguration", "ObjectEvent", "EngineEvent", "CimIndicationEvent", "WmiEvent", "ScheduledJob", "ScheduledTask",
        "PSBreakpoint", "Runspace", "Module", "PSResource", "PSRepository", "Package", "Script",
    };

    private static readonly HashSet<string> Modules = new(StringComparer.OrdinalIgnoreCase) { "AgentOps", "ThreadJob", "Microsoft.PowerShell.ThreadJob", "PSReadLine" };

    /// <summary>Why a command can't be a tool; null when it can.</summary>
    public static string? Find(CommandInfo command)
    {
        var dash = command.Name.IndexOf('-', StringComparison.Ordinal);
        if (command is not (CmdletInfo or FunctionInfo))
        {
            return $"it is {command.CommandType}, not a cmdlet or a function of a module";
        }

        if (command is FunctionInfo && string.IsNullOrEmpty(command.ModuleName))
        {
            return "it is a function of this session, not of a module; register it as a Script tool";
        }

        if (Names.Contains(command.Name) || (dash > 0 && Nouns.Contains(command.Name[(dash + 1)..])) || Modules.Contains(command.ModuleName ?? string.Empty))
        {
            return "it runs other commands, leaves this host, or changes what is allowed";
        }

        return null;
    }
}
