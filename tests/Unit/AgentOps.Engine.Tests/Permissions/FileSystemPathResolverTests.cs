using AgentOps.Engine.Permissions;

namespace AgentOps.Engine.Tests.Permissions;

public sealed class FileSystemPathResolverTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("agentops-paths-");
    private readonly FileSystemPathResolver _resolver = new();

    public FileSystemPathResolverTests()
    {
        Directory.CreateDirectory(At("a/b"));
        Directory.CreateDirectory(At("c"));
        Directory.CreateSymbolicLink(At("a/to-c"), At("c"));
        Directory.CreateSymbolicLink(At("a/up"), "..");
        Directory.CreateSymbolicLink(At("loop"), At("pool"));
        Directory.CreateSymbolicLink(At("pool"), At("loop"));
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private string At(string path) => Path.Combine(_folder.FullName, path);

    [Theory]
    [InlineData("a/b", "a/b")]
    [InlineData("a/b/", "a/b")]
    [InlineData("a/./b/../b", "a/b")]
    [InlineData("a/to-c/x", "c/x")]
    [InlineData("a/to-c/..", "")]
    [InlineData("a/up/c/not/there", "c/not/there")]
    [InlineData("a/b/../../../..", null)]
    public void Leads_where_the_system_leads(string path, string? expected)
    {
        Assert.True(_resolver.TryResolve(_folder.FullName, out var root));
        Assert.True(_resolver.TryResolve(At(path), out var resolved));
        if (expected is not null)
        {
            Assert.Equal(expected.Length == 0 ? root : Path.Combine(root, expected), resolved);
        }
        else
        {
            Assert.False(resolved.StartsWith(root, StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData("loop/x")]
    [InlineData("a\0b")]
    [InlineData("a/e\u0301")]
    public void What_can_t_be_resolved_is_said(string path) => Assert.False(_resolver.TryResolve(At(path), out _));

    [Theory]
    [InlineData("a/b")]
    [InlineData("")]
    [InlineData("~/x")]
    [InlineData("FileSystem::/etc")]
    public void Relative_and_odd_paths_are_refused(string path) => Assert.False(_resolver.TryResolve(path, out _));
}
