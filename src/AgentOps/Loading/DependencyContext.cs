using System.Reflection;
using System.Runtime.Loader;

namespace AgentOps.Loading;

/// <summary>
/// Loads everything that AgentOps.dll depends on from <c>deps/</c> in a context of its own, so that no version of
/// ours meets another module's. PowerShell's context asks it only for assemblies named <c>AgentOps.*</c>.
/// </summary>
internal sealed class DependencyContext : AssemblyLoadContext
{
    private const string OwnPrefix = "AgentOps.";

    private readonly string _folder;
    private readonly Lock _gate = new();
    private int _imports;

    private DependencyContext(string folder)
        : base("AgentOps") => _folder = folder;

    /// <summary>The one context of this process; an assembly can't be loaded twice into PowerShell's own either.</summary>
    public static DependencyContext Instance { get; } = new(Path.Combine(
        Path.GetDirectoryName(typeof(DependencyContext).Assembly.Location) ?? string.Empty, "deps"));

    /// <summary>Called once for each runspace that _imports the module.</summary>
    public void AddImport()
    {
        lock (_gate)
        {
            if (_imports++ == 0)
            {
                Default.Resolving += Resolve;
            }
        }
    }

    /// <summary>Called once for each runspace that removes the module.</summary>
    public void RemoveImport()
    {
        lock (_gate)
        {
            if (_imports > 0 && --_imports == 0)
            {
                Default.Resolving -= Resolve;
            }
        }
    }

    /// <inheritdoc/>
    protected override Assembly? Load(AssemblyName assemblyName)
    {
        var path = Path.Combine(_folder, assemblyName.Name + ".dll");
        return File.Exists(path) ? LoadFromAssemblyPath(path) : null;
    }

    private Assembly? Resolve(AssemblyLoadContext context, AssemblyName name) =>
        name.Name is { } simpleName && simpleName.StartsWith(OwnPrefix, StringComparison.Ordinal)
            ? Load(name)
            : null;
}
