using System.Collections.Concurrent;
using System.Globalization;
using AgentOps.Engine.Tools;

namespace AgentOps.Engine.Tests.Invocation;

/// <summary>A world that calls change and change back, and that notes in which order; each call says what becomes of it, and of its undoing.</summary>
internal sealed class UndoScenes : IToolExecutor
{
    public const string Rules = """
        - {id: do, effect: permit, resources: ['tool:Make', 'tool:Burn', 'tool:Read', 'tool:Denied']}
        - {id: no, effect: forbid, resources: ['tool:Denied']}
        - {id: undo, effect: permit, resources: ['tool:Unmake'], args: {Number: {type: integer}, Undo: {type: string, in: [ok, error, throw, ask, hang]}}}
        - {id: ask, effect: require, resources: ['tool:Unmake'], args: {Undo: {type: string, in: [ask]}}, obligations: [{approval: {quorum: 1, notRequester: false, timeout: PT5M}}]}
        """;

    public static readonly string Tools = string.Join("\n---\n", Tool("Unmake", "irreversible"), Tool("Make", "reversible\ncompensation: Unmake"), Tool("Burn", "irreversible"), Tool("Read", "none"), Tool("Denied", "irreversible"));

    /// <summary>What was done (+) and undone (-), in order.</summary>
    public ConcurrentQueue<string> World { get; } = [];

    /// <summary>Called before a compensation that hangs; it waits for what comes back.</summary>
    public Func<CancellationToken, Task> Hang { get; set; } = static _ => Task.CompletedTask;

    public ToolKind Kind => ToolKind.Command;

    public string Isolation => "none";

    public bool NeedsFolder => false;

    public static string Call(string tool, int number, string mode = "ok", string undo = "ok") =>
        string.Create(CultureInfo.InvariantCulture, $"- call: {{tool: {tool}, arguments: {{Number: {number}, Mode: {mode}, Undo: {undo}}}}}");

    public async ValueTask<ToolOutcome> ExecuteAsync(ToolInvocation invocation, CancellationToken cancellationToken)
    {
        var number = invocation.Arguments["Number"].AsInteger()!.Value;
        var isUndo = invocation.Tool.Name == "Unmake";
        var mode = invocation.Arguments.TryGet(isUndo ? "Undo" : "Mode", out var word) ? word.AsString() : "ok";
        switch (mode)
        {
            case "error":
                return new ToolOutcome(false, "it failed");
            case "throw":
                throw new InvalidOperationException("it broke");
            case "hang":
                await Hang(cancellationToken);
                break;
        }

        World.Enqueue(FormattableString.Invariant($"{(isUndo ? '-' : '+')}{number}"));
        return mode == "unknown" ? new ToolOutcome(false, "nobody knows", IsUnknown: true) : new ToolOutcome(true, "done");
    }

    private static string Tool(string name, string sideEffect) => $$$"""
        apiVersion: agentops/v1
        kind: Tool
        name: {{{name}}}
        command: {name: x}
        parameters: {Number: {type: integer, mandatory: true}{{{(name == "Unmake" ? "" : ", Mode: {type: string}")}}}, Undo: {type: string}}
        sideEffect: {{{sideEffect}}}
        """;
}
