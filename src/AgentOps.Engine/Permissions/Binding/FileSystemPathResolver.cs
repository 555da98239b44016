using System.Diagnostics.CodeAnalysis;

namespace AgentOps.Engine.Permissions;

/// <summary>Resolves paths against the file system of this machine.</summary>
public sealed class FileSystemPathResolver : IPathResolver
{
    private const int MostLinks = 40;

    /// <inheritdoc/>
    public bool TryResolve(string path, [NotNullWhen(true)] out string? resolved)
    {
        resolved = null;
        if (LiteralCheck.PathRefusal(path) is not null || !Path.IsPathFullyQualified(path))
        {
            return false;
        }

        try
        {
            resolved = Walk(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return false;
        }

        return resolved is not null;
    }

    /// <summary>Whether one resolved path is another or lies below it.</summary>
    /// <param name="path">The path.</param>
    /// <param name="root">The folder.</param>
    public static bool IsAtOrBelow(string path, string root)
    {
        var comparison = OperatingSystem.IsWindows() ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;
        return path.StartsWith(root, comparison)
            && (path.Length == root.Length || root[^1] == Path.DirectorySeparatorChar || path[root.Length] == Path.DirectorySeparatorChar);
    }

    /// <summary>
    /// Follows links segment by segment, as the system does: <c>link/..</c> is the parent of the link's target, not of the link.
    /// </summary>
    private static string? Walk(string path)
    {
        var root = Path.GetPathRoot(path)!;
        var done = root;
        var pending = new Stack<string>(Segments(path[root.Length..]));
        var links = 0;
        while (pending.TryPop(out var segment))
        {
            if (segment == "..")
            {
                done = Path.GetDirectoryName(done) ?? root;
                continue;
            }

            var next = Path.Join(done, segment);
            if (new FileInfo(next).LinkTarget is not { } target)
            {
                done = next;
                continue;
            }

            if (++links > MostLinks)
            {
                return null;
            }

            if (Path.IsPathFullyQualified(target))
            {
                done = Path.GetPathRoot(target)!;
                target = target[done.Length..];
            }

            foreach (var part in Segments(target))
            {
                pending.Push(part);
            }
        }

        return done;
    }

    /// <summary>The segments, last first.</summary>
    private static IEnumerable<string> Segments(string path) =>
        path.Split([Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar], StringSplitOptions.RemoveEmptyEntries).Where(segment => segment != ".").Reverse();
}
