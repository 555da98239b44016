using System.Collections.Concurrent;
using AgentOps.Engine.Tools;

namespace AgentOps.Engine.Benchmarks.Agents;

/// <summary>Runs the tools of a suite: each call goes to the world of the trial that it belongs to.</summary>
internal sealed class WorldExecutor : IToolExecutor
{
    private readonly ConcurrentDictionary<string, ITaskWorld> _worlds = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public ToolKind Kind => ToolKind.Command;

    /// <inheritdoc/>
    public string Isolation => "simulated world of one trial";

    /// <inheritdoc/>
    public bool NeedsFolder => false;

    /// <inheritdoc/>
    public bool MayOverlap => false;

    /// <summary>Opens the world of a trial.</summary>
    public void Open(string trial, ITaskWorld world) => _worlds[trial] = world;

    /// <summary>Closes it.</summary>
    public void Close(string trial) => _worlds.TryRemove(trial, out _);

    /// <inheritdoc/>
    public ValueTask<ToolOutcome> ExecuteAsync(ToolInvocation invocation, CancellationToken cancellationToken) => ValueTask.FromResult(
        invocation.Task is { } trial && _worlds.TryGetValue(trial, out var world)
            ? world.Call(invocation.Tool.Name, invocation.Arguments.ToJson())
            : new ToolOutcome(false, "The world of this task is closed."));
}
