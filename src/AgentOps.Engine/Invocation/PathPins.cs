using AgentOps.Engine.Permissions;
using AgentOps.Engine.Tools;

namespace AgentOps.Engine.Invocation;

/// <summary>
/// Where the paths among a call's arguments led when it was decided. They are looked at again right before the tool starts: a link
/// that was put in the way meanwhile must not lead an allowed call elsewhere.
/// </summary>
internal sealed class PathPins
{
    private static readonly FileSystemPathResolver Resolver = new();

    private readonly List<(string Given, string? Resolved)> _paths = [];

    private PathPins()
    {
    }

    /// <summary>Follows every argument of the type path.</summary>
    public static PathPins Of(ToolDefinition tool, BoundArguments arguments)
    {
        var pins = new PathPins();
        foreach (var parameter in tool.Parameters)
        {
            if ((parameter.Type.Kind == ParameterKind.Path || parameter.Type.Items?.Kind == ParameterKind.Path) && arguments.TryGet(parameter.Name, out var value))
            {
                pins.Add(value);
            }
        }

        return pins;
    }

    /// <summary>Each path as it was given, and where it leads; null where it can't be told.</summary>
    public IReadOnlyList<(string Given, string? Resolved)> All => _paths;

    /// <summary>Why the call can no longer be made; null when every path leads where it led.</summary>
    public string? Moved()
    {
        foreach (var (given, resolved) in _paths)
        {
            if (!string.Equals(Resolve(given), resolved, StringComparison.Ordinal))
            {
                return $"The path '{given}' no longer leads where it led when the call was decided; the tool was not started.";
            }
        }

        return null;
    }

    private static string? Resolve(string path) => Resolver.TryResolve(path, out var resolved) ? resolved : null;

    private void Add(ArgumentValue value)
    {
        if (value.Kind == ArgumentValueKind.String)
        {
            _paths.Add((value.AsString()!, Resolve(value.AsString()!)));
        }
        else if (value.Kind == ArgumentValueKind.Array)
        {
            foreach (var item in value.AsArray().ToArray())
            {
                Add(item);
            }
        }
    }
}
