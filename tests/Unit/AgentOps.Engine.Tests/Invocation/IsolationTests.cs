using System.Text.Json;
using AgentOps.Engine.Configuration;
using AgentOps.Engine.Errors;
using AgentOps.Engine.Invocation;
using AgentOps.Engine.Permissions;
using AgentOps.Engine.Sessions;
using AgentOps.Engine.Tools;
using AgentOps.Engine.Tools.Isolation;
using AgentOps.Engine.Workspaces;

namespace AgentOps.Engine.Tests.Invocation;

public sealed class IsolationTests
{
    [Theory]
    [InlineData(null, false)]
    [InlineData(IsolationLevel.Process, false)]
    [InlineData(IsolationLevel.Sandbox, true)]
    public void A_tool_is_refused_only_where_the_host_falls_below_what_it_demands(IsolationLevel? demanded, bool isRefused)
    {
        var host = new HostIsolation(new Lazy<SandboxSearch>(new SandboxSearch(null, "there is none.")));
        var tool = new ToolDefinition { Name = "t", Kind = ToolKind.Process, Isolation = new ToolIsolation { Level = demanded } };

        Assert.Equal(IsolationLevel.Process, host.LevelOf(tool));
        Assert.Equal(isRefused, host.Refusal(tool) is not null);
        Assert.Equal(IsolationLevel.None, host.LevelOf(tool with { Kind = ToolKind.Command }));
        Assert.Equal(demanded is not null, host.Refusal(tool with { Kind = ToolKind.Command }) is not null);
    }

    [Fact]
    public void A_host_without_the_launcher_has_no_sandbox_and_says_why()
    {
        var search = Sandbox.Find("/nowhere", []);

        Assert.Null(search.Sandbox);
        Assert.NotEmpty(search.Missing);
    }

    [Fact]
    public async Task A_call_of_a_tool_that_demands_more_than_the_host_gives_does_not_run()
    {
        await using var test = await TestWorkspace.OpenAsync();
        await test.ImportAsync("- call: {tool: Echo, arguments: {Text: hi}}\n- say: done", "- {id: e, effect: permit, resources: ['tool:Echo']}");
        await using var bare = await Workspace.OpenAsync(new WorkspaceOptions { Store = test.Folder, SandboxFolder = "/nowhere" }, CancellationToken.None);
        var echo = (await bare.GetStateAsync(CancellationToken.None)).Tools["Echo"].Definition;
        await bare.Tools.RegisterAsync(echo with { Isolation = new ToolIsolation { Level = IsolationLevel.Sandbox } }, replace: true, CancellationToken.None);

        var refusals = new List<string>();
        InvocationResult? result = null;
        await foreach (var item in bare.Invoker.InvokeAsync(new InvocationRequest { Agent = "a", Prompt = "go" }, CancellationToken.None))
        {
            result = item.Result ?? result;
            if (item.Kind == SessionEventKind.ToolRefused)
            {
                refusals.Add(item.Reason!);
            }
        }

        Assert.Equal((SessionStatus.Completed, 0, 1), (result!.Status, result.ToolCalls, result.Refusals));
        Assert.Contains("demands the isolation 'sandbox', and this host gives it 'process'", Assert.Single(refusals), StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_tool_is_given_is_part_of_its_digest_and_comes_back_from_its_record()
    {
        var plain = new ToolDefinition { Name = "t", Kind = ToolKind.Process };
        var given = plain with { Isolation = new ToolIsolation { Level = IsolationLevel.Sandbox, Network = true, Write = ["/srv/out"] } };

        Assert.NotEqual(plain.Digest, given.Digest);
        using var json = JsonDocument.Parse(given.ToJson().ToJsonString());
        var read = ToolDefinition.FromJson(json.RootElement);
        Assert.Equal(given.Digest, read.Digest);
        Assert.Equal(["/srv/out"], read.Isolation.Write);
    }

    [Theory]
    [InlineData("isolation: {level: jail}", "jail")]
    [InlineData("isolation: {net: true}", "net")]
    [InlineData("isolation: {network: perhaps}", "network")]
    public void A_wrong_isolation_is_an_error_of_its_line(string line, string says)
    {
        var fault = Assert.Throws<AgentOpsException>(() => ConfigurationSet.Parse($"apiVersion: agentops/v1\nkind: Tool\nname: T\nprocess: {{command: [true]}}\n{line}\n", "t.yaml"));

        Assert.Contains(says, fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("relative")]
    [InlineData("{Text}")]
    [InlineData("/srv/{Path}")]
    public async Task What_may_be_written_is_absolute_or_a_path_parameter(string write)
    {
        await using var test = await TestWorkspace.OpenAsync();
        var tool = new ToolDefinition
        {
            Name = "T",
            Kind = ToolKind.Process,
            Parameters = [new ToolParameter("Text", ParameterType.String, true), new ToolParameter("Path", ParameterType.Path, true)],
            Isolation = new ToolIsolation { Write = [write] },
            Settings = JsonDocument.Parse("""{"command":["true"]}""").RootElement,
        };

        var fault = await Assert.ThrowsAsync<AgentOpsException>(async () => await test.Workspace.Tools.RegisterAsync(tool, false, CancellationToken.None));

        Assert.Equal(ErrorCodes.ToolInvalid, fault.Code);
    }

    [Fact]
    public void A_link_that_is_swapped_after_the_decision_is_noticed()
    {
        var folder = Directory.CreateTempSubdirectory("agentops-pins-").FullName;
        var (inside, outside, link) = (Directory.CreateDirectory(Path.Combine(folder, "in")).FullName, Directory.CreateDirectory(Path.Combine(folder, "out")).FullName, Path.Combine(folder, "link"));
        Directory.CreateSymbolicLink(link, inside);
        var tool = new ToolDefinition
        {
            Name = "T",
            Kind = ToolKind.Process,
            Parameters = [new ToolParameter("Path", ParameterType.Path, true), new ToolParameter("More", ParameterType.ArrayOf(ParameterType.Path), false)],
        };
        using var arguments = JsonDocument.Parse($$"""{"Path":"{{inside}}/a","More":["{{link}}/b"]}""");
        var pins = PathPins.Of(tool, ArgumentBinder.Bind(tool.Parameters, arguments.RootElement).Arguments!);
        Assert.Null(pins.Moved());

        Directory.Delete(link);
        Directory.CreateSymbolicLink(link, outside);

        Assert.Contains($"{link}/b", pins.Moved(), StringComparison.Ordinal);
        Directory.Delete(folder, recursive: true);
    }
}
