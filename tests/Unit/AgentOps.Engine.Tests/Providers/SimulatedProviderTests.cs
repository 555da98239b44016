using AgentOps.Engine.Errors;
using AgentOps.Engine.Providers;
using AgentOps.Engine.Providers.Simulated;
using static AgentOps.Engine.Tests.Providers.ProviderTesting;

namespace AgentOps.Engine.Tests.Providers;

public class SimulatedProviderTests
{
    private const string Story = """
        {"steps": [
          {"call": {"tool": "Get-Disk", "arguments": {"Drive": "C"}}},
          {"when": {"tool": "Get-Disk"}, "call": {"tool": "Remove-Item", "arguments": {"Path": "/{{tool.Get-Disk[0].name}}"}}},
          {"when": {"error": true, "contains": "forbidden"}, "say": "I may not.", "call": [
             {"tool": "Clear-Temp", "arguments": {"MaxMb": 999}}, {"tool": "Get-Date"}]},
          {"say": "Disk {{tool.Get-Disk[0].name}} has {{tool.Get-Disk.0.free}} GB, not {{tool.None.x}}; {{tool.Remove-Item}}"}
        ]}
        """;

    [Fact]
    public async Task A_story_plays_turn_by_turn()
    {
        var provider = Simulated(Story);
        var request = Ask("How full is the disk?");

        var first = await provider.RunAsync(request);
        Assert.Equal(new ToolCallPart("call_1_1", "Get-Disk", """{"Drive": "C"}"""), Assert.Single(CallsOf(first)));
        Assert.Equal(StopReason.ToolUse, EndOf(first).Reason);

        request = Answer(request, first, ("Get-Disk", """[{"name":"sd\"a","free":12}]""", false));
        var second = await provider.RunAsync(request);
        Assert.Equal("""{"Path": "/sd\u0022a"}""", Assert.Single(CallsOf(second)).ArgumentsJson);

        request = Answer(request, second, ("Remove-Item", "This is Forbidden.", true));
        var third = await provider.RunAsync(request);
        Assert.Equal("I may not.", TextOf(third));
        Assert.Equal(["Clear-Temp", "Get-Date"], CallsOf(third).Select(call => call.Name));

        request = Answer(request, third, ("Clear-Temp", "too big", true), ("Get-Date", "now", false));
        var last = await provider.RunAsync(request);
        Assert.Equal("Disk sd\"a has 12 GB, not (no tool.None.x); This is Forbidden.", TextOf(last));
        Assert.Equal(StopReason.EndTurn, EndOf(last).Reason);

        request = Answer(request, last);
        Assert.Equal("I have nothing more to do.", TextOf(await provider.RunAsync(request)));
    }

    [Fact]
    public async Task The_same_conversation_gets_the_same_answer_again()
    {
        var provider = Simulated(Story);
        var request = Ask("How full is the disk?");
        Assert.Equal(await provider.RunAsync(request), await provider.RunAsync(request));
    }

    [Fact]
    public async Task Without_a_scenario_it_echoes()
    {
        using var factory = Factory();
        var provider = factory.Create(new ProviderDefinition { Name = "s", Kind = ProviderKinds.Simulated });
        var events = await provider.RunAsync(Ask("one two three"));
        Assert.Equal("Echo: one two three", TextOf(events));
        Assert.True(events.OfType<TextDelta>().Count() > 1);
        Assert.True(EndOf(events).Usage is { InputTokens: > 0, OutputTokens: > 0, IsEstimated: false });
    }

    [Fact]
    public async Task A_fault_strikes_as_often_as_it_says()
    {
        var provider = Simulated("""{"steps":[{"say":"ok","fault":{"kind":"rate-limit","times":2,"retryAfterMs":5}}]}""");
        for (var strike = 0; strike < 2; strike++)
        {
            var fault = await provider.FaultAsync(Ask("x"));
            Assert.Equal((FaultKind.RateLimited, TimeSpan.FromMilliseconds(5)), (fault.Kind, fault.RetryAfter));
        }

        Assert.Equal("ok", TextOf(await provider.RunAsync(Ask("x"))));
        Assert.Equal(FaultKind.RateLimited, (await provider.FaultAsync(Ask("x") with { Session = "another" })).Kind);
    }

    [Fact]
    public async Task Faults_within_the_answer_come_after_its_beginning()
    {
        var provider = Simulated("""{"steps":[{"say":"one two three","fault":{"kind":"torn-stream","after":2}}]}""");
        var events = new List<ModelEvent>();
        var exception = await Assert.ThrowsAsync<ProviderFaultException>(async () =>
        {
            await foreach (var item in provider.StreamAsync(Ask("x"), default))
            {
                events.Add(item);
            }
        });
        Assert.Equal("one two", TextOf(events));
        Assert.Equal(FaultKind.Interrupted, exception.Fault.Kind);
    }

    [Fact]
    public async Task Malformed_arguments_are_no_json()
    {
        var events = await Simulated("""[{"call":{"tool":"t","arguments":{"a":1}},"fault":"malformed-arguments"}]""").RunAsync(Ask("x"));
        Assert.Null(JsonReading(Assert.Single(CallsOf(events)).ArgumentsJson));

        static object? JsonReading(string text)
        {
            try
            {
                return ParseJson(text);
            }
            catch (System.Text.Json.JsonException)
            {
                return null;
            }
        }
    }

    [Theory]
    [InlineData("""{"stepz":[]}""", "stepz")]
    [InlineData("""{"steps":[{"sya":"x"}]}""", "sya")]
    [InlineData("""[{"call":{"arguments":{}}}]""", "tool")]
    [InlineData("""[{"fault":"fire"}]""", "fire")]
    [InlineData("""[{"stop":"now"}]""", "now")]
    [InlineData("""{"steps":1}""", "steps")]
    public void A_wrong_scenario_says_what_is_wrong(string scenario, string named)
    {
        var exception = Assert.Throws<AgentOpsException>(() => Simulated(scenario));
        Assert.Equal(ErrorCodes.ScenarioInvalid, exception.Code);
        Assert.Contains(named, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Drawn_faults_follow_the_seed_and_keep_the_rate()
    {
        const string Chaos = """{"steps":[{"say":"x","repeat":true}],"faults":["rate-limit","torn-stream"],"faultRate":0.2,"seed":7}""";
        var faults = Draw();
        Assert.Equal(faults, Draw());
        Assert.InRange(faults.Count(fault => fault is not null), 170, 230);

        static List<ScenarioFaultKind?> Draw()
        {
            var player = new ScenarioPlayer(Scenario.FromJson(ParseJson(Chaos)));
            return [.. Enumerable.Range(0, 1000).Select(_ => player.Next(Ask("x")).Fault?.Kind)];
        }
    }

    private static ModelRequest Answer(
        ModelRequest request, IReadOnlyList<ModelEvent> events, params (string Tool, string Content, bool IsError)[] results)
    {
        var builder = new AssistantMessageBuilder();
        foreach (var item in events)
        {
            builder.Add(item);
        }

        var parts = results.Select((result, index) =>
            (MessagePart)new ToolResultPart(CallsOf(events)[index].Id, result.Tool, result.Content, result.IsError));
        return request with
        {
            Messages = [.. request.Messages, builder.Build(), .. results.Length == 0 ? (Message[])[] : [new Message(MessageRole.Tool, [.. parts])]],
        };
    }
}
