using System.Globalization;
using AgentOps.Engine.Permissions;

namespace AgentOps.Engine.Tools.Isolation;

/// <summary>
/// Gives a tool in the sandbox the very files that its path arguments led to when the call was decided: each is mounted, read-only, at a
/// place that only the sandbox has, and the tool is told that place. Whatever becomes of links and names outside, it reads nothing else.
/// </summary>
internal static class PinnedPaths
{
    /// <summary>Where pinned paths lie in the sandbox; the file keeps its own name.</summary>
    private const string Place = "/run/agentops";

    /// <summary>The invocation with pinned paths in place of what is there and only read; what is to be made or written stays as it is.</summary>
    /// <param name="invocation">The call.</param>
    /// <param name="paths">Its path arguments as they were given, and where they led when it was decided.</param>
    public static ToolInvocation Pin(ToolInvocation invocation, IReadOnlyList<(string Given, string? Resolved)> paths)
    {
        if (invocation.Sandbox is not { } sandbox || !invocation.Tool.Isolation.Pin || paths.Count == 0)
        {
            return invocation;
        }

        var written = invocation.WritablePaths().Append(invocation.WorkFolder).Select(Resolve).ToArray();
        var pins = new List<string>();
        var arguments = invocation.Arguments.Names.ToArray().Select(name => KeyValuePair.Create(
            name, IsPath(invocation.Tool, name) ? Replace(invocation.Arguments[name], text => Pinned(text)) : invocation.Arguments[name]));
        return invocation with { Arguments = new BoundArguments(arguments), Pins = pins };

        string Pinned(string given)
        {
            var resolved = paths.FirstOrDefault(path => path.Given == given).Resolved;
            if (resolved is null || !(File.Exists(resolved) || Directory.Exists(resolved)) || sandbox.Hides(resolved) || Array.Exists(written, folder => IsWithin(resolved, folder)))
            {
                return given;
            }

            if (!pins.Contains(resolved, StringComparer.Ordinal))
            {
                pins.Add(resolved);
            }

            return PlaceOf(pins.IndexOf(resolved), resolved);
        }
    }

    /// <summary>Where a pinned path lies in the sandbox.</summary>
    public static string PlaceOf(int index, string resolved) => string.Create(CultureInfo.InvariantCulture, $"{Place}/{index}/{Path.GetFileName(resolved)}");

    /// <summary>Whether a path is a folder or lies below it.</summary>
    public static bool IsWithin(string path, string folder) =>
        path.Equals(folder, StringComparison.Ordinal) || path.StartsWith(folder.EndsWith('/') ? folder : folder + "/", StringComparison.Ordinal);

    private static bool IsPath(ToolDefinition tool, string name) => tool.Parameters.Any(parameter =>
        string.Equals(parameter.Name, name, StringComparison.OrdinalIgnoreCase) && (parameter.Type.Kind == ParameterKind.Path || parameter.Type.Items?.Kind == ParameterKind.Path));

    private static ArgumentValue Replace(ArgumentValue value, Func<string, string> replace) => value.Kind switch
    {
        ArgumentValueKind.String => ArgumentValue.From(replace(value.AsString()!)),
        ArgumentValueKind.Array => ArgumentValue.FromArray(value.AsArray().ToArray().Select(item => Replace(item, replace))),
        _ => value,
    };

    private static string Resolve(string path) => new FileSystemPathResolver().TryResolve(path, out var resolved) ? resolved : path;
}
