using System.Runtime.Versioning;
using System.Security.AccessControl;
using System.Security.Principal;
using AgentOps.Engine.Ledger;

namespace AgentOps.Engine.Tests.Ledger;

[SupportedOSPlatform("windows")]
public sealed class WindowsAccessTests
{
    [WindowsFact]
    public void A_key_is_its_owners_alone_until_someone_else_is_let_in()
    {
        var folder = Directory.CreateTempSubdirectory();
        var files = new DiskFiles();
        var path = Path.Combine(folder.FullName, "keys", "ledger.key");
        files.CreateFolder(Path.GetDirectoryName(path)!, ownerOnly: true);
        files.Replace(path, "key"u8, durable: true, ownerOnly: true);
        Assert.False(files.IsOpenToOthers(path));

        var file = new FileInfo(path);
        var security = file.GetAccessControl();
        security.AddAccessRule(new FileSystemAccessRule(new SecurityIdentifier(WellKnownSidType.WorldSid, null), FileSystemRights.Read, AccessControlType.Allow));
        file.SetAccessControl(security);
        Assert.True(files.IsOpenToOthers(path));
        folder.Delete(recursive: true);
    }
}
