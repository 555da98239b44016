using System.Runtime.CompilerServices;
using AgentOps.Engine.Providers;
using AgentOps.Engine.Providers.Simulated;

namespace AgentOps.Cli.Tests.Serving;

/// <summary>A scripted model that says 4,000 words, 20 ms each, and tells when the first of them was taken.</summary>
internal sealed class HeardModel : IModelProvider
{
    private readonly TaskCompletionSource _heard = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly SimulatedProvider _model = new(
        "scripted",
        new Scenario { PerToken = TimeSpan.FromMilliseconds(20), Steps = [new ScenarioStep { Say = string.Join(' ', Enumerable.Repeat("word", 4000)), Repeat = true }] },
        TimeProvider.System);

    public string Name => _model.Name;

    public string Kind => _model.Kind;

    /// <summary>Ends when whoever called it has taken a word, and wants more.</summary>
    public Task Heard => _heard.Task;

    public async IAsyncEnumerable<ModelEvent> StreamAsync(ModelRequest request, [EnumeratorCancellation] CancellationToken ct)
    {
        await foreach (var item in _model.StreamAsync(request, ct))
        {
            yield return item;
            _heard.TrySetResult();
        }
    }
}
