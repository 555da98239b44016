using System.Management.Automation;
using System.Management.Automation.Runspaces;

namespace AgentOps.Hosting;

/// <summary>Makes a runspace in which one command can be called and nothing else.</summary>
internal static class ConstrainedRunspace
{
    /// <summary>Opens it, standing in a folder.</summary>
    public static Runspace Open(CommandTool tool, string workFolder)
    {
        var state = InitialSessionState.CreateDefault2();
        state.LanguageMode = PSLanguageMode.NoLanguage;
        state.ThreadOptions = PSThreadOptions.UseNewThread;
        state.Variables.Add(new SessionStateVariableEntry("PSModuleAutoLoadingPreference", PSModuleAutoLoadingPreference.None, null, ScopedItemOptions.Constant));
        string[] own = ["Microsoft.PowerShell.Management", "Microsoft.PowerShell.Utility"];
        state.ImportPSModule(tool.Module is null ? own : [.. own, tool.Module]);

        var runspace = RunspaceFactory.CreateRunspace(state);
        try
        {
            runspace.Open();
            runspace.SessionStateProxy.Path.SetLocation(WildcardPattern.Escape(workFolder));
            Close(runspace.SessionStateProxy, tool.Name);
            return runspace;
        }
        catch
        {
            runspace.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Commands that a caller can reach are only the granted one; it may itself use what its module needs. Modules are loaded by
    /// now, so that this is the last word.
    /// </summary>
    private static void Close(SessionStateProxy session, string granted)
    {
        // Without entries in these lists no program and no script file can be called; they have no visibility of their own.
        session.Applications.Clear();
        session.Scripts.Clear();
        const CommandTypes inSession = CommandTypes.Alias | CommandTypes.Cmdlet | CommandTypes.Function | CommandTypes.Filter | CommandTypes.Configuration;
        foreach (var command in session.InvokeCommand.GetCommands("*", inSession, nameIsPattern: true))
        {
            if (!string.Equals(command.Name, granted, StringComparison.OrdinalIgnoreCase))
            {
                command.Visibility = SessionStateEntryVisibility.Private;
            }
        }
    }
}
