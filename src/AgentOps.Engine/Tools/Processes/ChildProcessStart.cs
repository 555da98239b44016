using AgentOps.Engine.Tools.Isolation;

namespace AgentOps.Engine.Tools.Processes;

/// <summary>How to start a child process.</summary>
public sealed record ChildProcessStart
{
    /// <summary>The program: a full path, or a name that is looked up on the path.</summary>
    public required string FileName { get; init; }

    /// <summary>The argument vector; no shell sees it.</summary>
    public required IReadOnlyList<string> Arguments { get; init; }

    /// <summary>The folder that it starts in, its home and its place for temporary files.</summary>
    public required string WorkFolder { get; init; }

    /// <summary>The sandbox that it runs in; null for none.</summary>
    public Sandbox? Sandbox { get; init; }

    /// <summary>What the sandbox gives it.</summary>
    public ToolIsolation Isolation { get; init; } = ToolIsolation.Default;

    /// <summary>The folders and files that it may write, absolute.</summary>
    public IReadOnlyList<string> Writable { get; init; } = [];

    /// <summary>Files and folders that are mounted, read-only, at places that only the sandbox has.</summary>
    public IReadOnlyList<string> Pins { get; init; } = [];

    /// <summary>Environment variables beside the few that every program needs.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>Text for its standard input, which is then closed.</summary>
    public string? StandardInput { get; init; }

    /// <summary>Longest run; then it is ended with all its children.</summary>
    public required TimeSpan Timeout { get; init; }

    /// <summary>Most bytes kept of each of its output streams.</summary>
    public required int MaxOutputBytes { get; init; }
}
