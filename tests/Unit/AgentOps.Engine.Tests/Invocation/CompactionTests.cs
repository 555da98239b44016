using System.Text.Json.Nodes;
using AgentOps.Engine.Configuration;
using AgentOps.Engine.Invocation;
using AgentOps.Engine.Providers;
using AgentOps.Engine.Sessions;
using AgentOps.Engine.Tests.Providers;
using AgentOps.Engine.Workspaces;
using FsCheck;
using FsCheck.Fluent;

namespace AgentOps.Engine.Tests.Invocation;

/// <summary>Long conversations: the older part becomes a summary; what is decided rests on the ledger as before.</summary>
public sealed class CompactionTests
{
    private const string Tools = """
        apiVersion: agentops/v1
        kind: Tool
        name: Quote
        process: {command: [sh, -c, 'echo "{\"item\":\"lamp\",\"total\":\"5.00\",\"currency\":\"USD\"}"']}
        parameters: {Item: {type: string, mandatory: true}}
        sideEffect: none
        ---
        apiVersion: agentops/v1
        kind: Tool
        name: Pay
        process: {command: [echo, "paid {Amount} for {Item}"]}
        parameters: {Item: {type: string, mandatory: true}, Amount: {type: decimal, mandatory: true}}
        sideEffect: irreversible
        constraints:
        - currency: {is: USD}
        - quoted: {argument: Amount, from: {tool: Quote, path: total, currency: currency, within: PT1H, same: {Item: args.Item}}}
        ---
        apiVersion: agentops/v1
        kind: Tool
        name: Long
        process: {command: [seq, "1", "{Count}"]}
        parameters: {Count: {type: integer, mandatory: true}}
        sideEffect: none
        """;

    private const string Permit = "- {id: all, effect: permit, resources: ['tool:Quote', 'tool:Pay', 'tool:Long']}";

    private const string Agent = "limits: {maxOutputTokens: 200, maxSteps: 30}\ninstructions: Buy the lamp.";

    [Fact]
    public async Task A_conversation_that_nears_the_context_goes_on_from_a_summary_and_the_verifier_still_knows_what_was_seen()
    {
        await using var test = await TestWorkspace.OpenAsync();
        await ImportAsync(test, 1000, """
            - {when: {contains: "The record:"}, say: "A lamp was asked for and quoted.", repeat: true}
            - {when: {contains: "paid 5"}, say: "paid", repeat: true}
            - {when: {contains: "253"}, call: {tool: Pay, arguments: {Item: lamp, Amount: "5.00"}}, repeat: true}
            - {when: {contains: "252"}, call: {tool: Long, arguments: {Count: 253}}, repeat: true}
            - {when: {contains: "251"}, call: {tool: Long, arguments: {Count: 252}}, repeat: true}
            - {when: {contains: "250"}, call: {tool: Long, arguments: {Count: 251}}, repeat: true}
            - {when: {contains: "USD"}, call: {tool: Long, arguments: {Count: 250}}, repeat: true}
            - {call: {tool: Quote, arguments: {Item: lamp}}, repeat: true}
            """);

        var (result, events) = await test.InvokeAsync();

        Assert.Equal((SessionStatus.Completed, "paid"), (result.Status, result.Answer));
        var audit = await test.AuditAsync(result.Session);
        var compacted = audit.Where(record => record.Type == EventTypes.SessionCompacted).ToArray();
        Assert.NotEmpty(compacted);
        Assert.Equal(compacted.Length, events.Count(item => item.Kind == SessionEventKind.Compacted));
        var paid = Assert.Single(audit, record => record.Type == EventTypes.ToolStarted && record.Data.GetProperty("tool").GetString() == "Pay");
        Assert.True(compacted[0].Sequence < paid.Sequence);
        var quoted = audit.First(record => record.Type == EventTypes.ToolCompleted && record.Data.GetProperty("tool").GetString() == "Quote");
        Assert.Equal(quoted.Sequence, paid.Data.GetProperty("verification").GetProperty("evidence")[0].GetProperty("sequence").GetInt64());

        // The summary is a model call of the session's own: a step, paid for, and no text of the agent's.
        var summaries = audit.Where(record => record.Type == EventTypes.ModelCompleted && record.Data.TryGetProperty("purpose", out _)).ToArray();
        Assert.Equal(compacted.Length, summaries.Length);
        Assert.All(summaries, record => Assert.True(decimal.Parse(record.Data.GetProperty("cost").GetString()!, System.Globalization.CultureInfo.InvariantCulture) > 0));
        Assert.Equal(audit.Count(record => record.Type == EventTypes.ModelRequested), result.Steps);
        Assert.Equal(audit.Where(record => record.Type == EventTypes.ModelCompleted).Sum(record => decimal.Parse(record.Data.GetProperty("cost").GetString()!, System.Globalization.CultureInfo.InvariantCulture)), result.Cost);
        Assert.DoesNotContain(events, item => item.Kind == SessionEventKind.Text && item.Text!.Contains("was asked for and quoted", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Taint_is_not_lost()
    {
        using var page = new LoopbackServer(LoopbackServer.Answer(200, "a page from outside"));
        await using var test = await TestWorkspace.OpenAsync();
        await ImportAsync(test, 1000, """
            - {when: {contains: "The record:"}, say: "Nothing came from outside; all is trusted.", repeat: true}
            - {when: {tool: Quote}, say: "{{tool.Quote}}", repeat: true}
            - {when: {contains: "252"}, call: {tool: Quote, arguments: {Item: lamp}}, repeat: true}
            - {when: {contains: "251"}, call: {tool: Long, arguments: {Count: 252}}, repeat: true}
            - {when: {contains: "250"}, call: {tool: Long, arguments: {Count: 251}}, repeat: true}
            - {when: {tool: Page}, call: {tool: Long, arguments: {Count: 250}}, repeat: true}
            - {call: {tool: Page, arguments: {}}, repeat: true}
            """, Tools + $$"""

            ---
            apiVersion: agentops/v1
            kind: Tool
            name: Page
            http: {uri: "{{page.Uri}}", allowPrivateNetwork: true}
            sideEffect: none
            """, """
            - {id: all, effect: permit, resources: ['tool:Quote', 'tool:Long', 'tool:Page', 'net:127.0.0.1']}
            - {id: clean, effect: forbid, resources: ['tool:Quote'], when: [{fact: session.taint, anyOf: [untrusted]}]}
            """);

        var (result, events) = await test.InvokeAsync();

        Assert.Contains(events, item => item.Kind == SessionEventKind.Compacted);
        Assert.Contains("Refused", result.Answer, StringComparison.Ordinal);
        Assert.True((await test.Workspace.Sessions.GetAsync(result.Session, CancellationToken.None)).IsTainted);
    }

    [Fact]
    public async Task Another_process_goes_on_with_the_very_messages_that_the_first_one_had()
    {
        var call = 0;
        using var server = new LoopbackServer(async (request, stream, token) =>
        {
            var isSummary = request.Body.Contains("The record:", StringComparison.Ordinal);
            var isEnd = isSummary || ++call is 5 or > 6;
            var arguments = FormattableString.Invariant($"{{\\\"Count\\\":{250 + call}}}");
            var said = isEnd
                ? """{"content":"SUMMARY-OR-END"}"""
                : """{"tool_calls":[{"index":0,"id":"ID","function":{"name":"Long","arguments":"ARGS"}}]}""".Replace("ID", $"t{call}", StringComparison.Ordinal).Replace("ARGS", arguments, StringComparison.Ordinal);
            string[] events =
            [
                """{"choices":[{"delta":SAID}]}""".Replace("SAID", said, StringComparison.Ordinal),
                """{"choices":[{"delta":{},"finish_reason":"WHY"}]}""".Replace("WHY", isEnd ? "stop" : "tool_calls", StringComparison.Ordinal),
                """{"choices":[],"usage":{"prompt_tokens":10,"completion_tokens":5}}""",
                "[DONE]",
            ];
            await LoopbackServer.Data(events)(request, stream, token);
        });
        await using var test = await TestWorkspace.OpenAsync();
        await ImportAsync(test, 1600, "- say: unused");
        await test.Workspace.Configuration.ImportAsync(
            ConfigurationSet.Parse($$"""
                apiVersion: agentops/v1
                kind: Provider
                name: wire
                protocol: openai
                uri: {{server.Uri}}v1
                ---
                apiVersion: agentops/v1
                kind: Route
                name: default
                targets: [{provider: wire, model: m, contextTokens: 1600, price: {input: "1", output: "1"} }]
                """, "wire.yaml"),
            CancellationToken.None);

        var (first, _) = await test.InvokeAsync();
        await using var elsewhere = await TestWorkspace.OpenAsync(test.Folder);
        var (second, _) = await elsewhere.InvokeAsync(new InvocationRequest { Agent = "a", Prompt = "and now?", Session = first.Session });

        Assert.Equal((SessionStatus.Completed, SessionStatus.Completed), (first.Status, second.Status));
        var sent = server.Requests.Select(request => JsonNode.Parse(request.Body)!["messages"]!.AsArray()).Where(messages => !Text(messages[^1]).Contains("The record:", StringComparison.Ordinal)).ToArray();
        var last = Array.FindIndex(sent, messages => Text(messages[^1]) == "and now?") - 1;
        Assert.Contains("Summary of the work until here", Text(sent[last][1]), StringComparison.Ordinal);
        Assert.Contains("SUMMARY-OR-END", Text(sent[last][1]), StringComparison.Ordinal);
        Assert.StartsWith("go", Text(sent[last][1]), StringComparison.Ordinal);
        Assert.Equal(sent[last].Select(message => message!.ToJsonString()), sent[last + 1].Take(sent[last].Count).Select(message => message!.ToJsonString()));
        Assert.Equal(sent[last].Count + 2, sent[last + 1].Count);
    }

    /// <summary>Whatever was said: the task and the newest prompt stay, turns stay whole, the last turn stays, and what is kept of a turn is as it was.</summary>
    [Fact]
    public void The_task_the_newest_prompt_and_whole_last_turns_stay()
    {
        var turn = Gen.Choose(1, 400).SelectMany(size => Gen.Choose(0, 4).Select(kind => (Size: size, Kind: kind)));
        var conversations = Gen.Choose(1, 14).SelectMany(count => Gen.ArrayOf(turn, count));
        Check.QuickThrowOnFailure(Prop.ForAll(Arb.From(conversations), turns =>
        {
            var messages = Conversation(turns);
            const long Context = 1000;
            for (var round = 0; round < 3; round++)
            {
                var end = Compaction.Plan(messages, Context);
                if (end == 0)
                {
                    return true;
                }

                var newest = messages.Last(message => message.Role == MessageRole.User).Parts[^1];
                var compacted = Compaction.Apply(messages, end, "short");
                var isRight = compacted[0].Parts[0] == messages[0].Parts[0]
                    && compacted.SelectMany(message => message.Parts).Contains(newest)
                    && compacted.Skip(1).SequenceEqual(messages.Skip(end))
                    && compacted.Count > 1 && compacted[1].Role != MessageRole.Tool
                    && TokenEstimate.OfText(((TextPart)Compaction.Question(messages, end, Context)[1].Parts[0]).Text) < Context * 8 / 10;
                if (!isRight)
                {
                    return false;
                }

                messages = [.. compacted, .. Conversation(turns).Skip(1)];
            }

            return true;
        }));
    }

    private static List<Message> Conversation((int Size, int Kind)[] turns)
    {
        var messages = new List<Message> { Message.Text(MessageRole.User, "the task") };
        foreach (var (size, kind) in turns)
        {
            if (kind == 0)
            {
                messages.Add(Message.Text(MessageRole.User, $"prompt {size}"));
                continue;
            }

            var calls = Enumerable.Range(0, kind).Select(i => new ToolCallPart($"c{i}", "Long", "{}")).ToArray();
            messages.Add(new Message(MessageRole.Assistant, [.. calls]));
            messages.Add(new Message(MessageRole.Tool, [.. calls.Select(one => new ToolResultPart(one.Id, one.Name, string.Join(' ', Enumerable.Repeat("word", size)), IsError: false))]));
        }

        return messages;
    }

    private static string Text(JsonNode? message) => message!["content"]?.ToString() ?? string.Empty;

    private static async Task ImportAsync(TestWorkspace test, int context, string steps, string tools = Tools, string rules = Permit)
    {
        await test.ImportAsync(steps, rules, Agent, tools);
        await test.Workspace.Configuration.ImportAsync(
            ConfigurationSet.Parse($$"""
                apiVersion: agentops/v1
                kind: Route
                name: default
                targets: [{provider: scripted, model: m, contextTokens: {{context}}, price: {input: "1", output: "1"} }]
                """, "route.yaml"),
            CancellationToken.None);
    }
}
