using System.Management.Automation;

namespace AgentOps.Loading;

/// <summary>What happens when the module is imported into a runspace, and when it is removed from it.</summary>
public sealed class ModuleLifetime : IModuleAssemblyInitializer, IModuleAssemblyCleanup
{
    /// <summary>Makes the dependencies findable; loads none of them.</summary>
    public void OnImport() => DependencyContext.Instance.AddImport();

    /// <summary>Lets go of this runspace's workspace and of the hook for dependencies.</summary>
    /// <param name="psModuleInfo">The module that is removed.</param>
    public void OnRemove(PSModuleInfo psModuleInfo)
    {
        Hosting.RunspaceConnection.Release();
        DependencyContext.Instance.RemoveImport();
    }
}
