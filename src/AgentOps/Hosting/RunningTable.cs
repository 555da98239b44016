using System.Globalization;
using System.Management.Automation;
using AgentOps.Engine.Benchmarks;
using AgentOps.Engine.Benchmarks.Endpoints;

namespace AgentOps.Hosting;

/// <summary>A benchmark's live progress: a bar for the whole, under it a row for each target with its figures so far.</summary>
internal sealed class RunningTable(IReadOnlyList<string> targets, EndpointLoad load, Func<ProgressRecord, Task> write)
{
    private const int WholeId = 0x4147_0010;
    private const int Rows = 12;

    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(250);

    private readonly Dictionary<string, List<CallSample>> _measured = targets.ToDictionary(target => target, _ => new List<CallSample>());
    private int _done;
    private long _shown;

    /// <summary>Takes a sample.</summary>
    public void Add(CallSample sample)
    {
        _done += sample.Phase is CallPhase.Measured or CallPhase.Question ? 1 : 0;
        if (sample.Phase == CallPhase.Measured)
        {
            _measured[sample.Target].Add(sample);
        }
    }

    /// <summary>Shows the table, at most a few times a second.</summary>
    public async Task ShowAsync()
    {
        if (TimeProvider.System.GetElapsedTime(_shown) < Pace)
        {
            return;
        }

        _shown = TimeProvider.System.GetTimestamp();
        var all = targets.Count * (load.Calls + load.Questions);
        await write(new ProgressRecord(WholeId, "Measuring", _done == 0 ? "Warming up" : string.Create(CultureInfo.InvariantCulture, $"{_done} of {all} calls"))
        {
            PercentComplete = (int)(100L * _done / all),
        });
        for (var row = 0; row < Math.Min(Rows, targets.Count); row++)
        {
            var samples = _measured[targets[row]];
            var good = samples.Where(sample => sample.Error is null).ToArray();
            await write(new ProgressRecord(WholeId + 1 + row, targets[row], string.Create(CultureInfo.InvariantCulture,
                $"{samples.Count,5}  TTFT {Milliseconds(good.Select(sample => sample.FirstDelta))}  TPOT {Milliseconds(good.Select(sample => sample.TimePerOutputToken))}  failed {samples.Count - good.Length}"))
            {
                ParentActivityId = WholeId,
                PercentComplete = (int)(100L * samples.Count / load.Calls),
            });
        }
    }

    /// <summary>Takes the table away.</summary>
    public async Task CompleteAsync()
    {
        for (var id = Math.Min(Rows, targets.Count); id >= 0; id--)
        {
            await write(new ProgressRecord(WholeId + id, id == 0 ? "Measuring" : targets[id - 1], "Done") { RecordType = ProgressRecordType.Completed });
        }
    }

    private static string Milliseconds(IEnumerable<double?> seconds) => Quantile.Median(seconds.OfType<double>()) is var median && double.IsNaN(median)
        ? "     – ms"
        : string.Create(CultureInfo.InvariantCulture, $"{median * 1000,6:0.0} ms");
}
