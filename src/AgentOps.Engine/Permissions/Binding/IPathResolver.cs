using System.Diagnostics.CodeAnalysis;

namespace AgentOps.Engine.Permissions;

/// <summary>Turns a path into the one that it really leads to.</summary>
public interface IPathResolver
{
    /// <summary>Resolves every link on the way, of what exists; the rest is taken as it stands.</summary>
    /// <param name="path">The path; a relative one is refused.</param>
    /// <param name="resolved">The absolute path without links, dots and trailing separators.</param>
    bool TryResolve(string path, [NotNullWhen(true)] out string? resolved);
}
