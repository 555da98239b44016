using System.Diagnostics;
using AgentOps.Engine.Tools;

namespace AgentOps.Benchmarks.Areas;

/// <summary>A tool that takes no time, and notes how long the engine took from one call of it to the next.</summary>
internal sealed class InstantExecutor : IToolExecutor
{
    private readonly List<double> _between = [];
    private long _ended;
    private bool _isMeasured;

    public ToolKind Kind => ToolKind.Command;

    public string Isolation => "none";

    /// <summary>Microseconds from the end of each call to the start of the next.</summary>
    public double[] Between => [.. _between];

    /// <summary>A session begins.</summary>
    public void Begin(bool isMeasured) => (_ended, _isMeasured) = (0, isMeasured);

    public ValueTask<ToolOutcome> ExecuteAsync(ToolInvocation invocation, CancellationToken cancellationToken)
    {
        if (_ended != 0 && _isMeasured)
        {
            _between.Add(Stopwatch.GetElapsedTime(_ended).TotalMicroseconds);
        }

        var outcome = new ToolOutcome(true, """{"Status":"paid"}""");
        _ended = Stopwatch.GetTimestamp();
        return ValueTask.FromResult(outcome);
    }
}
