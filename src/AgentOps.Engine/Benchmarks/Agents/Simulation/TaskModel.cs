using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.CompilerServices;
using AgentOps.Engine.Errors;
using AgentOps.Engine.Providers;

namespace AgentOps.Engine.Benchmarks.Agents.Simulation;

/// <summary>A simulated model that does the tasks of a suite, and goes wrong at set rates. It sees what any model sees, and answers as one.</summary>
/// <param name="fallibility">How it goes wrong.</param>
internal sealed class TaskModel(Fallibility fallibility) : IModelProvider
{
    /// <summary>The name of its provider.</summary>
    public const string ProviderName = "simulated";

    private readonly ConcurrentDictionary<string, IAgentPlan> _plans = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public string Name => ProviderName;

    /// <inheritdoc/>
    public string Kind => ProviderKinds.Simulated;

    /// <summary>Lets it know what to do in a trial.</summary>
    public void Learn(string trial, IAgentPlan plan) => _plans[trial] = plan;

    /// <summary>Lets it forget a trial.</summary>
    public void Forget(string trial) => _plans.TryRemove(trial, out _);

    /// <inheritdoc/>
    public async IAsyncEnumerable<ModelEvent> StreamAsync(ModelRequest request, [EnumeratorCancellation] CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        await Task.CompletedTask;
        if (request.Task is not { } trial || !_plans.TryGetValue(trial, out var plan))
        {
            throw new AgentOpsException(ErrorCodes.InternalError, $"The simulated model was not told of the trial '{request.Task}'.", request.Task);
        }

        var transcript = new Transcript(request.Messages);
        var move = plan.Next(transcript);
        var calls = fallibility.Spoil(trial, transcript, move);
        var output = TokenEstimate.OfText(move.Text);
        if (move.Text.Length > 0)
        {
            yield return new TextDelta(move.Text);
        }

        for (var i = 0; i < calls.Count; i++)
        {
            var call = new ToolCallPart(string.Create(CultureInfo.InvariantCulture, $"call_{transcript.Turns + 1}_{i + 1}"), calls[i].Tool, calls[i].Arguments);
            output += TokenEstimate.OfPart(call);
            yield return new ToolCallProposed(call);
        }

        yield return new ModelCompleted(
            calls.Count > 0 ? StopReason.ToolUse : StopReason.EndTurn,
            new Usage(TokenEstimate.OfPrompt(request), output),
            request.Model,
            string.Create(CultureInfo.InvariantCulture, $"sim-{transcript.Turns + 1}"));
    }
}
