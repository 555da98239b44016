using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using AgentOps.Cli.Tests.Serving;
using AgentOps.Engine.Providers;
using AgentOps.Engine.Tests.Tools;

namespace AgentOps.Engine.Tests.Providers;

/// <summary>
/// The bodies that our adapters send, checked by the TypeScript compiler against the types that the vendors publish with their clients.
/// An offender of each vendor must fail, or the check itself does.
/// </summary>
public class VendorTypesTests
{
    private const string Head = """
        import type { ChatCompletionCreateParams } from 'openai/resources/chat/completions';
        import type { MessageCreateParams } from '@anthropic-ai/sdk/resources/messages';
        import type { Content, GenerationConfig, Tool, ToolConfig } from '@google/genai';
        import type { ConverseCommandInput } from '@aws-sdk/client-bedrock-runtime';
        import type { CreateModelInvocationJobCommandInput } from '@aws-sdk/client-bedrock';
        // On the wire an enumeration is its text.
        type Wire<T> = T extends string ? `${T}` : T extends (infer U)[] ? Wire<U>[] : T extends object ? { [K in keyof T]: Wire<T[K]> } : T;
        type OpenAI = ChatCompletionCreateParams;
        // The vendor's type has no temperature any more: newer models refuse it (docs/design/routing.md names the source),
        // older ones take it, and it is sent when asked for.
        type Anthropic = MessageCreateParams & { temperature?: number };
        type Gemini = Wire<{ contents: Content[]; systemInstruction?: Content; tools?: Tool[]; toolConfig?: ToolConfig; generationConfig?: GenerationConfig }>;
        // The model stands in the path.
        type Bedrock = Omit<ConverseCommandInput, 'modelId'>;

        """;

    private const string Offenders = """
        // @ts-expect-error: an unknown member
        const o1: OpenAI = { model: 'm', messages: [{ role: 'user', content: 'x' }], max_token: 5 };
        // @ts-expect-error: a role that is none
        const o2: OpenAI = { model: 'm', messages: [{ role: 'person', content: 'x' }] };
        // @ts-expect-error: no max_tokens
        const o3: Anthropic = { model: 'm', messages: [{ role: 'user', content: 'x' }] };
        // @ts-expect-error: a tool without a schema
        const o4: Anthropic = { model: 'm', max_tokens: 5, messages: [{ role: 'user', content: 'x' }], tools: [{ name: 't' }] };
        // @ts-expect-error: a number as text
        const o5: Gemini = { contents: [{ role: 'user', parts: [{ text: 'x' }] }], generationConfig: { temperature: '0' } };
        // @ts-expect-error: a mode that is none
        const o6: Gemini = { contents: [], toolConfig: { functionCallingConfig: { mode: 'SOME' } } };
        // @ts-expect-error: a member of the wrong name
        const o7: Bedrock = { messages: [{ role: 'user', content: [{ text: 'x' }] }], inferenceConfig: { max_tokens: 5 } };
        // @ts-expect-error: a result that is neither text nor JSON
        const o8: Bedrock = { messages: [{ role: 'user', content: [{ toolResult: { toolUseId: 'a', content: 'x' } }] }] };
        // @ts-expect-error: no role
        const o9: CreateModelInvocationJobCommandInput = { jobName: 'b', modelId: 'm', inputDataConfig: { s3InputDataConfig: { s3Uri: 's3://b/i' } }, outputDataConfig: { s3OutputDataConfig: { s3Uri: 's3://b/o' } } };

        """;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    [McpFact]
    public async Task Every_body_is_of_its_vendors_published_type()
    {
        var program = new StringBuilder(Head);
        var number = 0;
        foreach (var (kind, type) in new[] { ("openai", "OpenAI"), ("azure-openai", "OpenAI"), ("anthropic", "Anthropic"), ("gemini", "Gemini"), ("bedrock", "Bedrock") })
        {
            foreach (var (name, request) in Requests())
            {
                var body = await BodyAsync(kind, request);
                program.Append(System.Globalization.CultureInfo.InvariantCulture, $"// {kind}, {name}\nconst b{number++}: {type} = {AsTyped(kind, body)};\n");
            }
        }

        program.Append(System.Globalization.CultureInfo.InvariantCulture, $"const job: CreateModelInvocationJobCommandInput = {await JobAsync()};\n");
        var (code, output) = await CompileAsync(program.Append(Offenders).ToString());
        Assert.True(code == 0, output);
        Assert.Equal(5 * Requests().Count(), number);
    }

    private static IEnumerable<(string Name, ModelRequest Request)> Requests()
    {
        var plain = ProviderTesting.Ask("Hi");
        var schema = JsonNode.Parse("""
            {"type":"object","properties":{"name":{"type":"string","description":"n"},"tags":{"type":"array","items":{"type":"string"}},"kind":{"enum":["a","b"],"type":"string"}},"required":["name"],"additionalProperties":false}
            """)!.AsObject();
        var tool = new ModelTool("find", "Finds.", schema);
        yield return ("plain", plain with { Stream = false });
        yield return ("stream", plain);
        yield return ("all settings", plain with { MaxOutputTokens = 9, Temperature = 0.5m, Seed = 7, StopSequences = ["END", "STOP"] });
        yield return ("system", plain with { Messages = [Message.Text(MessageRole.System, "s"), .. plain.Messages] });
        foreach (var choice in Enum.GetValues<ToolChoice>())
        {
            yield return ($"tools, {choice}", plain with { Tools = [tool, ProviderTesting.Tool("other")], ToolChoice = choice });
        }

        yield return ("structured output", plain with { OutputSchema = schema });
        yield return ("image", plain with { Messages = [new Message(MessageRole.User, [new TextPart("Look"), new ImagePart("image/jpeg", new byte[] { 1, 2, 3 })])] });
        yield return ("everything, parallel results", AdapterTesting.Everything);
        yield return ("everything, whole", AdapterTesting.Everything with { Stream = false });
        yield return ("redacted reasoning", plain with
        {
            Messages =
            [
                .. plain.Messages,
                new Message(MessageRole.Assistant, [new ReasoningPart("", "c2ln") { Redacted = true }, new TextPart("Yes.")]),
                Message.Text(MessageRole.User, "And now?"),
            ],
        });
    }

    private static async Task<string> BodyAsync(string kind, ModelRequest request)
    {
        using var server = new LoopbackServer(LoopbackServer.Answer(400, "{}"));
        using var factory = ProviderTesting.Factory();
        await Assert.ThrowsAsync<ProviderFaultException>(() => factory.Create(ProviderTesting.Over(kind, server.Uri)).RunAsync(request));
        return server.Requests.Single().Body;
    }

    private static async Task<string> JobAsync()
    {
        using var server = new LoopbackServer(LoopbackServer.Answer(200, ""), LoopbackServer.Answer(200, """{"jobArn":"a"}"""));
        using var factory = new ProviderFactory();
        var options = $$"""{"batch":{"location":"s3://bucket","role":"arn:aws:iam::123456789012:role/R","storageUri":"{{server.Uri}}"} }""";
        var batches = factory.CreateBatches(ProviderTesting.Over("bedrock", server.Uri, options) with { Secret = null })!;
        await batches.SubmitAsync([new BatchItem("p0", ProviderTesting.Ask("Hi"))], "b", default);
        return server.Requests.Last().Body;
    }

    // The client of Bedrock takes bytes where base64 goes over the wire.
    private static string AsTyped(string kind, string body) =>
        kind == "bedrock" ? Regex.Replace(body, "\"(bytes|redactedContent)\":\"[^\"]*\"", "\"$1\":new Uint8Array()") : body;

    private static async Task<(int Code, string Output)> CompileAsync(string program)
    {
        // Beside the packages, where the compiler finds them.
        var folder = Directory.CreateDirectory(Path.Combine(Sdk.Folder, "node_modules", ".agentops-" + Guid.NewGuid().ToString("N")));
        try
        {
            var file = Path.Combine(folder.FullName, "bodies.ts");
            await File.WriteAllTextAsync(file, program);
            using var compiler = Process.Start(new ProcessStartInfo(
                "node",
                [Path.Combine(Sdk.Folder, "node_modules", "typescript", "bin", "tsc"), "--noEmit", "--strict", "--skipLibCheck", "--target", "es2022", "--module", "nodenext", "--moduleResolution", "nodenext", "--types", "", file])
            {
                WorkingDirectory = folder.FullName,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
            var errors = compiler.StandardError.ReadToEndAsync();
            var output = await compiler.StandardOutput.ReadToEndAsync().WaitAsync(Patience);
            await compiler.WaitForExitAsync().WaitAsync(Patience);
            return (compiler.ExitCode, output + await errors);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
