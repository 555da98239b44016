using AgentOps.Engine.Invocation;
using AgentOps.Engine.Permissions;

namespace AgentOps.Engine.Tools;

/// <summary>The data that one call touches: what its tool always does, and where its path arguments lead.</summary>
internal static class TouchedData
{
    private const int Most = 256;

    private static readonly FileSystemPathResolver Resolver = new();

    /// <summary>The resources, each once; null, with the reason, when the engine can't tell them.</summary>
    /// <param name="tool">The tool.</param>
    /// <param name="paths">Where the path arguments lead, every link followed.</param>
    /// <param name="refusal">Why the call can't be made, fit for the model to read.</param>
    public static IReadOnlyList<string>? Of(ToolDefinition tool, PathPins paths, out string refusal)
    {
        refusal = string.Empty;
        var data = tool.Data;
        if (data.Paths.Count == 0 && data.Roots.Count == 0)
        {
            return [];
        }

        var found = new List<string>(data.Paths.Select(name => "data:" + name));
        if (data.Roots.Count > 0)
        {
            // The longest folder wins: data within data has its own name.
            var roots = data.Roots.Select(root => (root.Key, Folder: Resolver.TryResolve(root.Value, out var folder) ? folder : null))
                .Where(root => root.Folder is not null).OrderByDescending(root => root.Folder!.Length).ToArray();
            foreach (var (given, resolved) in paths.All)
            {
                if (resolved is null || Array.Find(roots, root => FileSystemPathResolver.IsAtOrBelow(resolved, root.Folder!)) is not { Folder: not null } root)
                {
                    refusal = $"the path '{given}' leads to none of the tool's data";
                    return null;
                }

                var rest = resolved[root.Folder.Length..].Trim(Path.DirectorySeparatorChar).Replace(Path.DirectorySeparatorChar, '/');
                found.Add(rest.Length == 0 ? "data:" + root.Key : $"data:{root.Key}/{rest}");
            }
        }

        if (found.Count > Most)
        {
            refusal = FormattableString.Invariant($"a call may touch at most {Most} pieces of data");
            return null;
        }

        return found.Distinct(StringComparer.Ordinal).ToArray();
    }
}
