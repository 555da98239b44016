using System.Text;
using AgentOps.Engine.Configuration;
using AgentOps.Engine.Invocation;
using AgentOps.Engine.Ledger;
using AgentOps.Engine.Providers;
using AgentOps.Engine.Routing;
using AgentOps.Engine.Tests.Invocation;
using AgentOps.Engine.Workspaces;

namespace AgentOps.Engine.Tests.Routing.Domains;

/// <summary>A workspace learns which of two models is capable of what, from how its sessions end.</summary>
public class DomainOutcomesTests
{
    private const string AboutCode = "Why does this Python unit test fail?";
    private const string AboutLaw = "Is this clause of the lease void by statute?";

    // Each answers what it is good at, and calls a tool in vain until the limit of steps elsewhere.
    private const string Models = """
        apiVersion: agentops/v1
        kind: Provider
        name: cheap
        protocol: simulated
        options:
          scenario:
            steps:
            - {when: {contains: Python}, say: "It compares floats.", repeat: true}
            - {call: {tool: Echo, arguments: {Text: hi}}, repeat: true}
        ---
        apiVersion: agentops/v1
        kind: Provider
        name: dear
        protocol: simulated
        options:
          scenario:
            steps:
            - {when: {contains: lease}, say: "It is void.", repeat: true}
            - {call: {tool: Echo, arguments: {Text: hi}}, repeat: true}
        ---
        apiVersion: agentops/v1
        kind: Route
        name: default
        objective: cheapest-capable
        minimumQuality: "0.5"
        targets:
        - {provider: dear, model: counsel, price: {input: "2", output: "2"}}
        - {provider: cheap, model: coder, price: {input: "1", output: "1"}}
        """;

    [Fact]
    public async Task After_outcomes_each_prompt_goes_to_the_cheapest_capable_model()
    {
        await using var test = await OpenAsync();
        for (var session = 0; session < 60; session++)
        {
            await InvokeAsync(test, session % 2 == 0 ? AboutCode : AboutLaw);
        }

        var (code, law) = (await ResolveAsync(test, AboutCode), await ResolveAsync(test, AboutLaw));
        Assert.Equal(("coder", "counsel"), (code.Selected!.Model, law.Selected!.Model));
        Assert.Equal((PromptDomain.Code, PromptDomain.Law), (code.Domains!.Most, law.Domains!.Most));

        // The first 20 sessions all went to the cheap one, whose quality was unknown; then it is known to be of no use for law. As its
        // sessions about code go on to succeed, it is given one more chance.
        var rejected = law.Candidates.Single(candidate => candidate.Target.Model == "coder");
        Assert.Equal(RejectionKind.Quality, rejected.Rejection);
        Assert.StartsWith("0 of 11 sessions about law completed, 30 of 41 in all", rejected.QualitySource, StringComparison.Ordinal);
        Assert.True(code.Candidates[0].PredictedQuality > 0.8m);

        var outcomes = (await test.Workspace.GetStateAsync(CancellationToken.None)).Outcomes;
        Assert.Equal((new OutcomeCount(30, 30), new OutcomeCount(0, 11)), (outcomes["coder"].In(PromptDomain.Code), outcomes["coder"].In(PromptDomain.Law)));
        Assert.Equal((new OutcomeCount(0, 0), new OutcomeCount(19, 19)), (outcomes["counsel"].In(PromptDomain.Code), outcomes["counsel"].In(PromptDomain.Law)));
    }

    [Fact]
    public async Task The_domain_stands_in_the_ledger_and_is_told()
    {
        await using var test = await OpenAsync();
        for (var session = 0; session < DomainForecast.Enough; session++)
        {
            await InvokeAsync(test, AboutCode);
        }

        var (result, events) = await InvokeAsync(test, AboutCode);
        var records = await test.AuditAsync(result.Session);
        Assert.Equal("code", records.Single(record => record.Type == EventTypes.SessionOpened).Data.Text("domain"));
        var chosen = records.Single(record => record.Type == EventTypes.ModelRequested).Data;
        Assert.Equal(("code", "20 of 20 sessions about code completed, 20 of 20 in all"), (chosen.Text("domain"), chosen.Text("qualitySource")));
        Assert.Contains(events, item => item.Kind == SessionEventKind.RouteChosen && item.Detail!.Contains("the prompt is about code", StringComparison.Ordinal));
        var story = new List<string>();
        await foreach (var line in test.Workspace.Sessions.TellAsync([result.Session], follow: false, CancellationToken.None))
        {
            story.Add(line.Text);
        }

        Assert.Contains(story, line => line.Contains("chose cheap/coder for a prompt about code, predicted quality 0.98 (20 of 20 sessions about code", StringComparison.Ordinal));

        // Another prompt in the same session: its end counts for what was asked last.
        await InvokeAsync(test, AboutLaw, result.Session);
        var outcomes = (await test.Workspace.GetStateAsync(CancellationToken.None)).Outcomes["coder"];
        Assert.Equal((21, new OutcomeCount(0, 1)), ((int)outcomes.In(PromptDomain.Code).Ended, outcomes.In(PromptDomain.Law)));
    }

    [Fact]
    public async Task A_saved_state_has_the_outcomes_of_the_replayed_one()
    {
        await using var test = await OpenAsync();
        foreach (var prompt in new[] { AboutCode, AboutLaw, "go", AboutCode })
        {
            await InvokeAsync(test, prompt);
        }

        var replayed = new WorkspaceProjection();
        await foreach (var record in test.Workspace.Ledger.ReadAsync(new LedgerQuery(), CancellationToken.None))
        {
            replayed.Apply(record);
        }

        using var saved = new MemoryStream();
        replayed.Save(saved);
        saved.Position = 0;
        var loaded = new WorkspaceProjection();
        loaded.Load(saved);
        Assert.Equal(
            [(PromptDomain.General, new OutcomeCount(0, 1)), (PromptDomain.Code, new OutcomeCount(2, 2)), (PromptDomain.Law, new OutcomeCount(0, 1))],
            loaded.Current.Outcomes["coder"].Domains.Select(domain => (domain.Key, domain.Value)));
        Assert.Equal(replayed.Current.Outcomes["coder"].Domains, loaded.Current.Outcomes["coder"].Domains);
        Assert.Equal(replayed.Current.Outcomes["coder"].Total, loaded.Current.Outcomes["coder"].Total);
        Assert.Equal(
            replayed.Current.Sessions.Values.Select(session => (session.Id, session.Domain)).Order(),
            loaded.Current.Sessions.Values.Select(session => (session.Id, session.Domain)).Order());
    }

    [Fact]
    public void Outcomes_of_an_earlier_versions_snapshot_are_of_no_domain_in_particular()
    {
        using var empty = new MemoryStream();
        new WorkspaceProjection().Save(empty);
        var text = Encoding.UTF8.GetString(empty.ToArray())
            .Replace("\"outcomes\":[]", "\"outcomes\":[{\"model\":\"m\",\"completed\":7,\"ended\":9}]", StringComparison.Ordinal);
        Assert.Contains("\"completed\":7", text, StringComparison.Ordinal);

        var loaded = new WorkspaceProjection();
        loaded.Load(new MemoryStream(Encoding.UTF8.GetBytes(text)));
        Assert.Equal(new OutcomeCount(7, 9), loaded.Current.Outcomes["M"].In(PromptDomain.General));
        Assert.Equal(new OutcomeCount(7, 9), loaded.Current.Outcomes["M"].Total);
    }

    private static async Task<TestWorkspace> OpenAsync()
    {
        var test = await TestWorkspace.OpenAsync();
        await test.ImportAsync("- say: done", "- {id: all, effect: permit, resources: ['tool:Echo']}", "limits: {maxSteps: 1}");
        await test.Workspace.Configuration.ImportAsync(ConfigurationSet.Parse(Models, "models.yaml"), CancellationToken.None);
        return test;
    }

    private static Task<(InvocationResult Result, List<SessionEvent> Events)> InvokeAsync(TestWorkspace test, string prompt, string? session = null) =>
        test.InvokeAsync(new InvocationRequest { Agent = "a", Prompt = prompt, Session = session });

    private static ValueTask<RouteDecision> ResolveAsync(TestWorkspace test, string prompt) => test.Workspace.Routes.ResolveAsync(
        "default", new ModelRequest { Model = string.Empty, Messages = [Message.Text(MessageRole.User, prompt)] }, CancellationToken.None);
}
