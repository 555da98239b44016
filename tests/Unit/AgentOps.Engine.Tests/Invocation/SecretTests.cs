using System.Text;
using AgentOps.Engine.Configuration;
using AgentOps.Engine.Errors;
using AgentOps.Engine.Identity;
using AgentOps.Engine.Invocation;
using AgentOps.Engine.Ledger;
using AgentOps.Engine.Tests.Providers;

namespace AgentOps.Engine.Tests.Invocation;

/// <summary>A canary secret goes in; nothing of it comes out anywhere.</summary>
public sealed class SecretTests
{
    // With what JSON, addresses and shells write in another way.
    private const string Canary = "cAnary+/\"<7f3a9b>&52c1=";
    private const string Variable = "AGENTOPS_TEST_ENGINE_CANARY";

    [Fact]
    public void A_secret_is_found_in_every_spelling_and_in_any_pieces()
    {
        var redactor = new SecretRedactor();
        redactor.Learn(Canary);
        var json = System.Text.Json.JsonSerializer.Serialize(Canary);
        string[] texts = [Canary, $"key={Canary}!", json, Uri.EscapeDataString(Canary), Convert.ToBase64String(Encoding.UTF8.GetBytes(Canary)), $"{Canary}{Canary}", "cAnary+ is not it", "ends with cAn"];
        foreach (var text in texts)
        {
            var whole = redactor.Redact(text);
            Assert.DoesNotContain("7f3a9b", whole, StringComparison.Ordinal);
            Assert.DoesNotContain(Convert.ToBase64String(Encoding.UTF8.GetBytes(Canary)), whole, StringComparison.Ordinal);
            foreach (var size in Enumerable.Range(1, text.Length))
            {
                var stream = new StreamRedactor(redactor);
                var pieces = string.Concat(text.Chunk(size).Select(piece => stream.Push(new string(piece)))) + stream.Flush();
                Assert.Equal(whole, pieces);
            }
        }
    }

    [Fact]
    public void A_secret_is_found_in_base64_wherever_it_stands_and_where_a_text_was_cut()
    {
        var redactor = new SecretRedactor();
        redactor.Learn(Canary);
        for (var before = 0; before < 6; before++)
        {
            for (var after = 0; after < 6; after++)
            {
                var bytes = Encoding.UTF8.GetBytes($"{new string('x', before)}{Canary}{new string('y', after)}");
                foreach (var text in new[] { Convert.ToBase64String(bytes), System.Buffers.Text.Base64Url.EncodeToString(bytes) })
                {
                    // What is left is shorter than what surrounds the secret, and a few letters that are half a neighbour's.
                    Assert.InRange(redactor.Redact(text).Replace("[redacted]", string.Empty, StringComparison.Ordinal).Length, 0, ((before + after) * 4 / 3) + 8);
                }
            }
        }

        Assert.Equal("it is ", redactor.RedactCut("it is " + Canary[..9]));
        Assert.Equal("it is not", redactor.RedactCut("it is not"));
    }

    [Theory]
    [InlineData(200)]
    [InlineData(401)]
    [InlineData(400)]
    public async Task No_byte_of_a_secret_comes_out(int status)
    {
        Environment.SetEnvironmentVariable(Variable, Canary);
        await using var test = await TestWorkspace.OpenAsync();
        var secretFile = Path.Combine(test.Outside, "secret");
        await File.WriteAllTextAsync(secretFile, Canary);

        // The server repeats the secret in pieces: in the text, in a tool's arguments, in the error.
        var escaped = System.Text.Json.JsonEncodedText.Encode(Canary).ToString();
        var inArguments = System.Text.Json.JsonEncodedText.Encode($"{{\"Text\":\"{escaped}\"}}").ToString();
        using var server = status == 200
            ? new LoopbackServer(
                LoopbackServer.Data(
                [
                    .. Canary.Select(c => $$$"""{"choices":[{"index":0,"delta":{"content":"{{{System.Text.Json.JsonEncodedText.Encode(c.ToString())}}}"}}]}"""),
                    $$$"""{"choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"id":"1","type":"function","function":{"name":"Echo","arguments":"{{{inArguments}}}"}}]}}]}""",
                    """{"choices":[{"index":0,"delta":{"tool_calls":[{"index":1,"id":"2","type":"function","function":{"name":"Reveal","arguments":"{}"}}]}}]}""",
                    """{"choices":[{"index":0,"delta":{},"finish_reason":"tool_calls"}]}""",
                    "[DONE]",
                ]),
                LoopbackServer.Data($$$"""{"choices":[{"index":0,"delta":{"content":"it is {{{escaped}}}"}}]}""", """{"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}""", "[DONE]"))
            : new LoopbackServer(LoopbackServer.Answer(status, $$$"""{"error":{"message":"the key {{{escaped}}} is bad","type":"invalid_request_error"}}"""));
        await test.Workspace.Configuration.ImportAsync(ConfigurationSet.Parse(Configuration(server.Uri, secretFile), "secret.yaml"), CancellationToken.None);

        var said = new StringBuilder();
        try
        {
            string? session = null;
            for (var round = 0; round < 3; round++)
            {
                // The third one goes on with the second one's session.
                await foreach (var item in test.Workspace.Invoker.InvokeAsync(new InvocationRequest { Agent = "a", Prompt = round == 0 ? "go" : $"use {Canary}", Session = round == 2 ? session : null }, CancellationToken.None))
                {
                    session = item.Session;
                    said.AppendLine(item.ToString()).AppendLine(item.Result?.ToString());
                    if (item.Kind == SessionEventKind.Text)
                    {
                        said.Append(item.Text);
                    }
                }
            }
        }
        catch (AgentOpsException fault)
        {
            said.AppendLine(fault.ToString()).AppendLine(fault.Target?.ToString()).AppendLine(fault.Mend);
        }

        foreach (var format in Enum.GetValues<LedgerExportFormat>())
        {
            var export = new MemoryStream();
            await LedgerExporter.ExportAsync(test.Workspace.Ledger, format, new LedgerQuery(), export, CancellationToken.None);
            said.AppendLine(Encoding.UTF8.GetString(export.ToArray()));
        }

        foreach (var story in (await test.Workspace.Sessions.ListAsync(CancellationToken.None)))
        {
            said.AppendLine(story.ToString());
        }

        AssertClean(said.ToString(), "what was said");
        foreach (var file in Directory.EnumerateFiles(test.Folder, "*", SearchOption.AllDirectories))
        {
            AssertClean(Encoding.UTF8.GetString(await File.ReadAllBytesAsync(file)), file);
        }

        // The secret did come this far, or the silence would prove nothing.
        Assert.Contains("[redacted]", said.ToString(), StringComparison.Ordinal);
        Assert.Contains(server.Requests, request => request.Headers.Values.Any(header => header.Contains(Canary, StringComparison.Ordinal)));
        Assert.Equal(status == 200, said.ToString().Contains("it is ", StringComparison.Ordinal));
    }

    private static void AssertClean(string text, string where)
    {
        var redactor = new SecretRedactor();
        redactor.Learn(Canary);
        Assert.False(redactor.Redact(text) != text || text.Contains("7f3a9b", StringComparison.Ordinal), $"the secret is in {where}: {text}");
    }

    private static string Configuration(Uri uri, string secretFile) => $$$"""
        apiVersion: agentops/v1
        kind: Provider
        name: keyed
        protocol: openai
        uri: {{{uri}}}v1
        secret: env:{{{Variable}}}
        ---
        apiVersion: agentops/v1
        kind: Route
        name: keyed
        targets: [{provider: keyed, model: m}]
        ---
        apiVersion: agentops/v1
        kind: Tool
        name: Echo
        process: {command: [echo, "{Text}"]}
        parameters: {Text: {type: string, mandatory: true}}
        sideEffect: none
        ---
        apiVersion: agentops/v1
        kind: Tool
        name: Reveal
        process: {command: [cat, '{{{secretFile}}}']}
        isolation: {level: process}
        sideEffect: none
        ---
        apiVersion: agentops/v1
        kind: Agent
        name: a
        route: keyed
        tools: [Echo, Reveal]
        ---
        apiVersion: agentops/v1
        kind: AgentPolicy
        name: p
        subjects: {agents: [a]}
        rules:
        - {id: all, effect: permit, resources: ['tool:Echo', 'tool:Reveal']}
        """;
}
