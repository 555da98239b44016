using System.Globalization;
using AgentOps.Engine.Serialization;

namespace AgentOps.Engine.Tools.Isolation;

/// <summary>What this host gives each tool.</summary>
/// <param name="search">Looks for the sandbox when it is first asked for.</param>
internal sealed class HostIsolation(Lazy<SandboxSearch> search)
{
    /// <summary>The level at which a tool runs here.</summary>
    public IsolationLevel LevelOf(ToolDefinition tool) =>
        !IsChild(tool) ? IsolationLevel.None
        : tool.Isolation.Level == IsolationLevel.Process || search.Value.Sandbox is null ? IsolationLevel.Process
        : IsolationLevel.Sandbox;

    /// <summary>A program, a script, or a server that is one.</summary>
    private static bool IsChild(ToolDefinition tool) =>
        tool.Kind is ToolKind.Process or ToolKind.Script || (tool.Kind == ToolKind.Mcp && tool.Settings.Strings("command").Count > 0);

    /// <summary>Why a tool can't run here; null when it can.</summary>
    public string? Refusal(ToolDefinition tool) => tool.Isolation.Level is { } demanded && demanded > LevelOf(tool)
        ? $"The tool '{tool.Name}' demands the isolation '{Word(demanded)}', and this host gives it '{Word(LevelOf(tool))}'{Why(demanded)}"
        : null;

    /// <summary>The sandbox for a call of the tool; null where it runs in none.</summary>
    public Sandbox? For(ToolDefinition tool) => LevelOf(tool) == IsolationLevel.Sandbox ? search.Value.Sandbox : null;

    /// <summary>The level as policies name it: <c>none</c>, <c>process</c> or <c>sandbox</c>.</summary>
    public static string Word(IsolationLevel level) => level switch
    {
        IsolationLevel.None => "none",
        IsolationLevel.Process => "process",
        _ => "sandbox",
    };

    /// <summary>The level in words for an administrator, with what the tool is given in spite of it.</summary>
    /// <param name="tool">The tool.</param>
    /// <param name="inProcess">What its executor says of one that runs in the host's process.</param>
    public string Describe(ToolDefinition tool, string inProcess) => LevelOf(tool) switch
    {
        IsolationLevel.Sandbox => string.Create(CultureInfo.InvariantCulture, $"sandbox: {(tool.Isolation.Network ? "host's network" : "no network")}, writes {(tool.Isolation.Write.Count == 0 ? "only its own folder" : string.Join(", ", tool.Isolation.Write))}"),
        IsolationLevel.Process => "process: clean environment, own folder; all rights of the account",
        _ => "none: " + inProcess,
    };

    private string Why(IsolationLevel demanded) => demanded == IsolationLevel.Sandbox && search.Value.Missing is { Length: > 0 } why ? $": {why}" : ".";
}
