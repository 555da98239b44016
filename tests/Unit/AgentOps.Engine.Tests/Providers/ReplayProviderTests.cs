using AgentOps.Engine.Providers;
using AgentOps.Engine.Providers.Replay;
using static AgentOps.Engine.Tests.Providers.ProviderTesting;

namespace AgentOps.Engine.Tests.Providers;

public sealed class ReplayProviderTests : IDisposable
{
    private readonly string _file = Path.GetTempFileName();

    public void Dispose() => File.Delete(_file);

    [Fact]
    public async Task What_is_recorded_once_is_replayed_without_the_source()
    {
        var source = Simulated("""[{"say":"one","reason":"r","call":{"tool":"t","arguments":{"a":1}}}]""");
        using var recorder = new ReplayProvider("p", _file, source);
        var first = await recorder.RunAsync(Ask("x", Tool("t")));

        using var replay = new ReplayProvider("p", _file, null);
        Assert.Equal(first, await replay.RunAsync(Ask("x", Tool("t")) with { Session = "another", Agent = "a" }));
        Assert.Equal(first, await replay.RunAsync(Ask("x", Tool("t"))));
        Assert.DoesNotContain(Canary, await File.ReadAllTextAsync(_file), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_not_recorded_is_a_fault()
    {
        using var replay = new ReplayProvider("p", _file, null);
        Assert.Equal(FaultKind.InvalidRequest, (await replay.FaultAsync(Ask("y"))).Kind);
    }

    [Fact]
    public async Task A_damaged_recording_names_its_line()
    {
        await File.WriteAllTextAsync(_file, "{\"request\":\"a\",\"events\":[]}\nnonsense\n");
        using var replay = new ReplayProvider("p", _file, null);
        var exception = await Assert.ThrowsAsync<Engine.Errors.AgentOpsException>(() => replay.RunAsync(Ask("y")));
        Assert.Contains(":2:", exception.Message, StringComparison.Ordinal);
    }
}
