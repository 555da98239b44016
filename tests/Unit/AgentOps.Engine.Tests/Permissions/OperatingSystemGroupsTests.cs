using AgentOps.Engine.Permissions;

namespace AgentOps.Engine.Tests.Permissions;

public sealed class OperatingSystemGroupsTests
{
    private static readonly OperatingSystemGroups Groups = new();

    [Fact]
    public void Knows_members_by_list_and_by_primary_group()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.True(Groups.IsMember("os:Users", Environment.UserName));
            Assert.False(Groups.IsMember("os:no-such-group", Environment.UserName));
            return;
        }

        foreach (var line in File.ReadLines("/etc/group").Select(line => line.Split(':')).Where(line => line.Length == 4 && line[3].Length > 0))
        {
            Assert.True(Groups.IsMember("os:" + line[0], line[3].Split(',')[0]), string.Join(':', line));
        }

        Assert.True(Groups.IsMember(OperatingSystem.IsMacOS() ? "os:wheel" : "os:root", "root"));
        Assert.False(Groups.IsMember("os:no-such-group", "root"));
        Assert.False(Groups.IsMember(OperatingSystem.IsMacOS() ? "os:wheel" : "os:root", "no-such-person"));
        Assert.True(Groups.IsMember(OperatingSystem.IsMacOS() ? "os:wheel" : "os:root", "os:root"));
        Assert.Null(Groups.IsMember(OperatingSystem.IsMacOS() ? "os:wheel" : "os:root", "database:root"));
        Assert.Null(Groups.IsMember(OperatingSystem.IsMacOS() ? "os:wheel" : "os:root", "key:root"));
        Assert.Null(Groups.IsMember("database:root", "root"));
        Assert.Null(Groups.IsMember("os:ro\0ot", "root"));
    }
}
