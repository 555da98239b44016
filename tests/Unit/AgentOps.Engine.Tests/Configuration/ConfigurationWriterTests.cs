using System.Text.Json.Nodes;
using AgentOps.Engine.Configuration;
using AgentOps.Engine.Errors;
using AgentOps.Engine.Tests.Invocation;
using AgentOps.Engine.Tests.Verification;
using FsCheck;
using FsCheck.Fluent;
using YamlDotNet.RepresentationModel;

namespace AgentOps.Engine.Tests.Configuration;

/// <summary>What is exported imports back to the very same workspace.</summary>
public sealed class ConfigurationWriterTests
{
    internal const string Everything = """
        apiVersion: agentops/v1
        kind: Provider
        name: cloud
        protocol: openai
        uri: https://models.example.org/v1
        secret: env:CLOUD_KEY
        headers: {X-Team: "007"}
        clearance: internal
        options: {organization: "12e3", timeoutSeconds: 20}
        ---
        apiVersion: agentops/v1
        kind: Budget
        name: daily
        scope: workspace
        max: "20.50"
        window: PT24H
        ---
        apiVersion: agentops/v1
        kind: Budget
        name: audits
        scope: task
        of: audit-2026
        max: "100"
        ---
        apiVersion: agentops/v1
        kind: Budget
        name: each
        scope: session
        max: "2"
        ---
        apiVersion: agentops/v1
        kind: Route
        name: default
        objective: cheapest-capable
        minimumQuality: "0.70"
        regions: [eu-west-1, "no"]
        maximumLatency: PT1.5S
        targets:
        - {provider: cloud, model: big, region: "no", price: {input: "3.00", output: "15.00", cachedInput: "0.30"}, contextTokens: 200000, quality: "0.9", latency: PT0.25S, weight: "2"}
        - {provider: cloud, model: "4o", clearance: secret}
        ---
        apiVersion: agentops/v1
        kind: Tool
        name: Read-It
        description: "Reads: a file # of this host"
        process: {command: [cat, "{Path}"], windows: [findstr, "^", "{Path}"], allowLeadingDash: true}
        parameters:
          Path: {type: path, mandatory: true, description: The file.}
          Count: {type: "integer[]", min: "1", max: "9"}
          Mode: {type: string, in: ["true", "1.0", fast], pattern: '[a-z0-9.]+', literals: [no-wildcards, single-line]}
        sideEffect: none
        isolation: {level: sandbox, network: true, write: [/var/tmp, "{Path}"]}
        data: {class: secret, paths: [hr/people], roots: {hr: /srv/hr, "hr/pay": /srv/pay}}
        timeout: PT0.2S
        maxOutputBytes: 1024
        ---
        apiVersion: agentops/v1
        kind: Tool
        name: Call-It
        http: {method: POST, uri: "https://api.example.org/items/{Id}", headers: {Accept: application/json}, body: [Text], allowPrivateNetwork: false}
        parameters: {Id: {type: string, mandatory: true}, Text: {type: string}}
        sideEffect: reversible
        compensation: Read-It
        ---
        apiVersion: agentops/v1
        kind: Tool
        name: Serve-It
        mcp: {command: [node, server.js], environment: {TOKEN: "env:TOKEN"}, tool: look, pin: "0000000000000000000000000000000000000000000000000000000000000000"}
        parameters: {Options: {type: object}}
        ---
        apiVersion: agentops/v1
        kind: Tool
        name: Ask-It
        ask: {from: finance, form: {Code: {type: string, mandatory: true, pattern: "[0-9]{6}"}, Count: {type: integer, min: "1"}}}
        ---
        apiVersion: agentops/v1
        kind: Tool
        name: Delegate-It
        agent: {name: helper}
        ---
        apiVersion: agentops/v1
        kind: Agent
        name: clerk
        instructions: |
          You pay invoices.

          Never more than you are told.
        route: default
        tools: [Read-It, Call-It]
        budget: "12.50"
        limits: {maxSteps: 3, maxDuration: PT90S, maxCost: "0.5"}
        ---
        apiVersion: agentops/v1
        kind: Group
        name: leads
        members: [alice, bob]
        ---
        apiVersion: agentops/v1
        kind: Notifier
        name: pager
        webhook: https://pager.example.org/hook
        secret: env:PAGER
        ---
        apiVersion: agentops/v1
        kind: AgentPolicy
        name: pay
        subjects: {agents: [clerk], onBehalfOf: ['group:leads']}
        validity: {notBefore: 2026-01-01T00:00:00Z, notAfter: 2036-01-01T00:00:00Z}
        rules:
        - id: read
          effect: permit
          resources: ['tool:Read-It']
          args:
            Path: {type: path, root: /var/log}
            Count: {type: array, items: {type: integer, min: 1}, maxItems: 3, optional: true}
            Mode: {type: string, in: ["true", fast], optional: true}
          when:
          - {fact: session.taint, noneOf: [untrusted]}
          - {history: {tool: Call-It, outcome: ok, within: PT1H, same: {Path: args.Path}}}
        - id: ask
          effect: require
          resources: ['tool:Call-*']
          obligations:
          - approval: {quorum: 2, from: leads, timeout: PT15M}
          - limit: {key: agent, sum: calls, max: "5", window: P1D}
        ---
        apiVersion: agentops/v1
        kind: Permission
        name: never
        effect: forbid
        resources: ['net:*.example.com']
        """;

    [Fact]
    public async Task Everything_that_is_exported_imports_back_without_a_difference()
    {
        await using var test = await TestWorkspace.OpenAsync();
        await test.Workspace.Configuration.ImportAsync(ConfigurationSet.Parse(Everything, "all.yaml"), CancellationToken.None);
        var exported = await ExportAsync(test);

        var again = ConfigurationSet.Parse(exported, "exported.yaml");
        Assert.Empty(await test.Workspace.Configuration.PlanAsync(again, prune: true, CancellationToken.None));

        await using var other = await TestWorkspace.OpenAsync();
        Assert.Equal(16, (await other.Workspace.Configuration.ImportAsync(again, CancellationToken.None)).Count);
        Assert.Equal(exported, await ExportAsync(other));
    }

    [Fact]
    public async Task Constraints_of_transactions_are_exported_too()
    {
        await using var test = await TestWorkspace.OpenAsync();
        await test.Workspace.Configuration.ImportAsync(ConfigurationSet.Parse(Purchase.Tools, "purchase.yaml"), CancellationToken.None);
        Assert.Empty(await test.Workspace.Configuration.PlanAsync(ConfigurationSet.Parse(await ExportAsync(test), "exported.yaml"), prune: true, CancellationToken.None));
    }

    [Fact]
    public async Task Pruning_leaves_what_the_configuration_holds_and_nothing_else()
    {
        await using var test = await TestWorkspace.OpenAsync();
        await test.Workspace.Configuration.ImportAsync(ConfigurationSet.Parse(Everything, "all.yaml"), CancellationToken.None);
        var kept = ConfigurationSet.Parse(string.Join("\n---\n", Everything.Split("\n---\n").Where(document =>
            document.Contains("kind: Provider", StringComparison.Ordinal) || document.Contains("kind: Route", StringComparison.Ordinal))), "kept.yaml");
        var changes = await test.Workspace.Configuration.ImportAsync(kept, prune: true, CancellationToken.None);
        Assert.All(changes, change => Assert.Equal(ChangeAction.Remove, change.Action));
        Assert.Equal(["Agent clerk", "Budget audits", "Budget daily", "Budget each", "Group leads", "Notifier pager", "Permission never", "Permission pay/ask", "Permission pay/read", "Tool Ask-It", "Tool Call-It", "Tool Delegate-It", "Tool Read-It", "Tool Serve-It"],
            changes.Select(change => $"{change.Kind} {change.Name}").Order(StringComparer.Ordinal));
        var state = await test.Workspace.GetStateAsync(CancellationToken.None);
        Assert.Equal((1, 1, 0, 0, 0), (state.Providers.Count, state.Routes.Count, state.Tools.Count, state.Agents.Count, state.Grants.Count));
    }

    [Fact]
    public async Task Pruning_refuses_to_take_away_what_is_still_needed_and_changes_nothing()
    {
        await using var test = await TestWorkspace.OpenAsync();
        await test.Workspace.Configuration.ImportAsync(ConfigurationSet.Parse(Everything, "all.yaml"), CancellationToken.None);
        var before = await ExportAsync(test);
        var lacking = ConfigurationSet.Parse(string.Join("\n---\n", Everything.Split("\n---\n").Where(document => !document.Contains("kind: Route", StringComparison.Ordinal))), "lacking.yaml");
        var fault = await Assert.ThrowsAsync<AgentOpsException>(async () => await test.Workspace.Configuration.ImportAsync(lacking, prune: true, CancellationToken.None));
        Assert.Equal(ErrorCodes.RouteNotFound, fault.Code);
        Assert.Equal(before, await ExportAsync(test));
    }

    [Fact]
    public void Any_text_reads_back_as_it_was()
    {
        var text = Gen.OneOf(
            ArbMap.Default.GeneratorFor<string>().Where(value => value is not null && value.All(one => one is '\n' or '\t' or >= ' ' and < '\u007f' or >= '\u00a0' and < '\ud800')),
            Gen.Elements("", "true", "no", "~", "null", "1.0", "0x10", "- a", "a: b", "a #b", " a", "a ", "a\nb", "a\n\nb\n", "a\n b", "%x", "@x", "`x", "!x", "&x", "*x", "{x}", "[x]", "C:\\x", "https://x/y", "x:", "tool:Get-*", "2026-01-01T00:00:00Z", "\u2028", "\ta"));
        Prop.ForAll(Arb.From(text), value =>
        {
            using var output = new StringWriter();
            new YamlStream(new YamlDotNet.RepresentationModel.YamlDocument(YamlText.Convert(new JsonObject { ["text"] = value, ["list"] = new JsonArray(value) }))).Save(output, assignAnchors: false);
            var stream = new YamlStream();
            stream.Load(new StringReader(output.ToString()));
            var read = YamlJson.Convert(stream.Documents[0].RootNode)!;
            return read["text"]!.GetValueKind() == System.Text.Json.JsonValueKind.String && (string)read["text"]! == value && (string)read["list"]![0]! == value;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(2000));
    }

    private static async Task<string> ExportAsync(TestWorkspace test)
    {
        using var output = new StringWriter();
        ConfigurationWriter.Write(await test.Workspace.GetStateAsync(CancellationToken.None), output);
        return output.ToString();
    }
}
