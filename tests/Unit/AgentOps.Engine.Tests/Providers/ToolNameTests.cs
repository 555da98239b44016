using AgentOps.Engine.Providers.Http;
using FsCheck;
using FsCheck.Fluent;
using static AgentOps.Engine.Tests.Providers.ProviderTesting;

namespace AgentOps.Engine.Tests.Providers;

public class ToolNameTests
{
    [Fact]
    public void Any_name_becomes_one_that_every_vendor_takes() => Check.QuickThrowOnFailure(Prop.ForAll(
        ArbMap.Default.ArbFor<NonNull<string>>(),
        name => ToolNames.IsValid(ToolNames.Wire(name.Get)) && (ToolNames.IsValid(name.Get) == (ToolNames.Wire(name.Get) == name.Get))));

    [Fact]
    public async Task A_name_comes_back_as_it_was()
    {
        var wire = ToolNames.Wire("server.files/read");
        var (events, request) = await new AdapterTesting("openai").AskAsync(
            LoopbackServer.Data(
                $$$"""{"choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"id":"c","function":{"name":"{{{wire}}}","arguments":"{}"}}]},"finish_reason":"tool_calls"}]}""",
                "[DONE]"),
            Ask("x", Tool("server.files/read"), Tool("plain")));
        Assert.Equal("server.files/read", Assert.Single(CallsOf(events)).Name);
        Assert.Contains($"\"{wire}\"", request.Body, StringComparison.Ordinal);
        Assert.NotEqual(wire, ToolNames.Wire("server.files_read"));
    }
}
