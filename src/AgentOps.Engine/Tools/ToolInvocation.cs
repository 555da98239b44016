using AgentOps.Engine.Identity;
using AgentOps.Engine.Permissions;
using AgentOps.Engine.Tools.Isolation;
using AgentOps.Engine.Workspaces;

namespace AgentOps.Engine.Tools;

/// <summary>One authorized call of a tool.</summary>
/// <param name="Tool">The tool as registered.</param>
/// <param name="Arguments">The frozen arguments that were authorized.</param>
/// <param name="Session">The session's id.</param>
/// <param name="Agent">The agent's name.</param>
/// <param name="WorkFolder">A folder of the session's own; it exists where the executor needs it, and the tool starts there.</param>
/// <param name="Sandbox">The sandbox that its child process runs in; null where it runs in none.</param>
/// <param name="IsHostGranted">Whether the agent may reach a network host, asked for the first host and after every redirect.</param>
public sealed record ToolInvocation(
    ToolDefinition Tool,
    BoundArguments Arguments,
    string Session,
    string Agent,
    string WorkFolder,
    Sandbox? Sandbox,
    Func<string, bool> IsHostGranted)
{
    /// <summary>Who calls.</summary>
    public required Caller Caller { get; init; }

    /// <summary>Gives a token that says who calls, to a granted host and for an audience; asked for only where the tool's settings say so.</summary>
    public Func<string, string, CancellationToken, ValueTask<Credential>> Identify { get; init; } =
        static (_, _, _) => ValueTask.FromResult(new Credential(null, "There is nobody here to vouch for the agent."));

    /// <summary>Files and folders that are mounted at places of the sandbox's own, which stand among the arguments in their stead.</summary>
    public IReadOnlyList<string> Pins { get; init; } = [];

    /// <summary>Why the session may not act in a state, in a sentence; null when it may. For executors that change the ledger themselves.</summary>
    internal Func<WorkspaceState, string?> WhyStopped { get; init; } = static _ => "Nobody vouches for the session.";

    /// <summary>What the session's work is booked under; null when nothing was said.</summary>
    public string? Task { get; init; }

    /// <summary>What the tool may write in this call: what it declares, with its path arguments filled in; one that is not given is left out.</summary>
    public IReadOnlyList<string> WritablePaths()
    {
        var paths = new List<string>(Tool.Isolation.Write.Count);
        foreach (var path in Tool.Isolation.Write)
        {
            if (ArgumentTemplate.Fill(path, Arguments, value => value) is { } filled)
            {
                paths.Add(filled);
            }
        }

        return paths;
    }
}
