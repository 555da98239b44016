using System.Runtime.Versioning;
using System.Security.AccessControl;
using System.Security.Principal;

namespace AgentOps.Engine.Ledger;

/// <summary>What mode 0600 is on Unix: files and folders that this account, the system and its administrators may use, and nobody else.</summary>
[SupportedOSPlatform("windows")]
internal static class WindowsAccess
{
    private static readonly SecurityIdentifier LocalSystem = new(WellKnownSidType.LocalSystemSid, null);
    private static readonly SecurityIdentifier Administrators = new(WellKnownSidType.BuiltinAdministratorsSid, null);

    /// <summary>Makes a folder whose files inherit its access; one that is there stays as it is.</summary>
    public static void CreateFolder(string path)
    {
        var security = new DirectorySecurity();
        security.SetAccessRuleProtection(isProtected: true, preserveInheritance: false);
        foreach (var account in Accounts())
        {
            security.AddAccessRule(new FileSystemAccessRule(
                account, FileSystemRights.FullControl, InheritanceFlags.ContainerInherit | InheritanceFlags.ObjectInherit, PropagationFlags.None, AccessControlType.Allow));
        }

        if (!Directory.Exists(path))
        {
            security.CreateDirectory(path);
        }
    }

    /// <summary>Makes an empty file, in the place of one that is there.</summary>
    public static FileStream CreateFile(string path)
    {
        var security = new FileSecurity();
        security.SetAccessRuleProtection(isProtected: true, preserveInheritance: false);
        foreach (var account in Accounts())
        {
            security.AddAccessRule(new FileSystemAccessRule(account, FileSystemRights.FullControl, AccessControlType.Allow));
        }

        File.Delete(path);
        return new FileInfo(path).Create(FileMode.CreateNew, FileSystemRights.Write | FileSystemRights.Read, FileShare.None, bufferSize: 1, FileOptions.None, security);
    }

    /// <summary>Tells whether someone else may read or write a file, or owns it and so may allow it to themselves.</summary>
    public static bool IsOpenToOthers(string path)
    {
        var security = new FileInfo(path).GetAccessControl(AccessControlSections.Access | AccessControlSections.Owner);
        var trusted = Accounts();
        var rules = security.GetAccessRules(includeExplicit: true, includeInherited: true, typeof(SecurityIdentifier)).Cast<FileSystemAccessRule>();
        return security.GetOwner(typeof(SecurityIdentifier)) is not SecurityIdentifier owner || !trusted.Contains(owner)
            || rules.Any(rule => rule.AccessControlType == AccessControlType.Allow
                && (rule.PropagationFlags & PropagationFlags.InheritOnly) == 0
                && !trusted.Contains((SecurityIdentifier)rule.IdentityReference));
    }

    private static SecurityIdentifier[] Accounts()
    {
        using var identity = WindowsIdentity.GetCurrent();
        return [identity.User!, LocalSystem, Administrators];
    }
}
