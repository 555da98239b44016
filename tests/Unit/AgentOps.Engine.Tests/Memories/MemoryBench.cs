using AgentOps.Engine.Invocation;
using AgentOps.Engine.Tests.Invocation;
using AgentOps.Engine.Tools;

namespace AgentOps.Engine.Tests.Memories;

/// <summary>A workspace with tools that remember, recall and forget, for each person and for all, and one that shows what it is told to.</summary>
internal static class MemoryBench
{
    public const string Permits = "- {id: memory, effect: permit, resources: ['tool:remember', 'tool:recall', 'tool:forget', 'tool:remember-all', 'tool:recall-all', 'tool:forget-all', 'tool:See', 'tool:Send']}";

    public static readonly string Tools = string.Join("\n---\n", Memory("remember"), Memory("recall"), Memory("forget"), """
        apiVersion: agentops/v1
        kind: Tool
        name: See
        command: {name: see}
        parameters: {Class: {type: string, mandatory: true}, Outside: {type: boolean, mandatory: true}}
        sideEffect: none
        ---
        apiVersion: agentops/v1
        kind: Tool
        name: Send
        command: {name: send}
        parameters: {Text: {type: string}}
        sideEffect: irreversible
        """);

    public static Task<TestWorkspace> OpenAsync(string? folder = null, string? person = null) => TestWorkspace.OpenAsync(folder, person, new Scenes());

    public static async Task<(InvocationResult Result, SessionEvent[] Outcomes)> PlayAsync(this TestWorkspace test, string steps, string rules = Permits, string agent = "", string prompt = "go", string? session = null, string? tools = null)
    {
        await test.ImportAsync(steps + "\n- say: done", rules, agent, tools ?? Tools);
        var (result, events) = await test.InvokeAsync(new InvocationRequest { Agent = "a", Prompt = prompt, Session = session });
        return (result, [.. events.Where(item => item.Kind is SessionEventKind.ToolCompleted or SessionEventKind.ToolRefused)]);
    }

    private static string Memory(string operation) => $$$"""
        apiVersion: agentops/v1
        kind: Tool
        name: {{{operation}}}
        memory: {operation: {{{operation}}}}
        ---
        apiVersion: agentops/v1
        kind: Tool
        name: {{{operation}}}-all
        memory: {operation: {{{operation}}}, shared: true}
        """;

    /// <summary>See answers in a data class, from outside or not; Send counts.</summary>
    private sealed class Scenes : IToolExecutor
    {
        public ToolKind Kind => ToolKind.Command;

        public string Isolation => "none";

        public bool NeedsFolder => false;

        public ValueTask<ToolOutcome> ExecuteAsync(ToolInvocation invocation, CancellationToken cancellationToken) => ValueTask.FromResult(
            invocation.Tool.Name == "Send" ? new ToolOutcome(true, "sent")
            : new ToolOutcome(true, "seen", IsUntrusted: invocation.Arguments["Outside"].AsBoolean()!.Value) { DataClass = invocation.Arguments["Class"].AsString() });
    }
}
