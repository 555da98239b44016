using System.Management.Automation.Runspaces;
using System.Runtime.CompilerServices;

namespace AgentOps.Hosting;

/// <summary>What one runspace is connected to. Runspaces never share it, so jobs and threads stay apart.</summary>
internal sealed class RunspaceState
{
    private static readonly ConditionalWeakTable<Runspace, RunspaceState> States = [];

    /// <summary>The state of the runspace of this thread, which has to be a pipeline thread.</summary>
    public static RunspaceState Current => States.GetValue(Runspace.DefaultRunspace, static _ => new RunspaceState());

    /// <summary>Lets go of what this thread's runspace is connected to.</summary>
    public static void Release()
    {
        if (Runspace.DefaultRunspace is { } runspace && States.TryGetValue(runspace, out _))
        {
            States.Remove(runspace);
        }
    }
}
