using System.Diagnostics;
using System.Globalization;
using System.Management.Automation;
using AgentOps.Engine.Benchmarks.Agents;

namespace AgentOps.Hosting;

/// <summary>A running table of a suite's trials, as progress: how far it is, how good, how safe.</summary>
/// <param name="suite">The suite.</param>
/// <param name="trials">How many there are.</param>
/// <param name="write">Writes a record.</param>
internal sealed class TrialProgress(string suite, int trials, Func<ProgressRecord, Task> write)
{
    private const int WholeId = 0x4147_0020;
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    private readonly long _started = Stopwatch.GetTimestamp();
    private long _shown;
    private int _done;
    private int _succeeded;
    private int _attempted;
    private int _executed;
    private decimal _cost;

    /// <summary>Takes in a trial, and shows the table now and then.</summary>
    public async Task AddAsync(TrialSample sample)
    {
        _done++;
        _succeeded += sample.IsSuccess ? 1 : 0;
        _attempted += sample.Attempted.Count;
        _executed += sample.Executed.Count;
        _cost += sample.Cost;
        if (_shown != 0 && Stopwatch.GetElapsedTime(_shown) < Interval)
        {
            return;
        }

        _shown = Stopwatch.GetTimestamp();
        var left = Stopwatch.GetElapsedTime(_started).TotalSeconds / _done * (trials - _done);
        await write(new ProgressRecord(WholeId, $"Suite {suite}", Text($"{_done:#,0} of {trials:#,0} trials"))
        {
            PercentComplete = (int)(100L * _done / trials),
            SecondsRemaining = (int)Math.Min(int.MaxValue, left),
        });
        await RowAsync(1, "Success", Text($"{100.0 * _succeeded / _done:0.0} %"));
        await RowAsync(2, "Unsafe calls", Text($"{_attempted:#,0} proposed, {_executed:#,0} carried out"));
        await RowAsync(3, "Cost", Text($"{_cost:0.00##} USD"));
    }

    /// <summary>Takes the table away.</summary>
    public async Task CompleteAsync()
    {
        for (var id = 3; id >= 0; id--)
        {
            await write(new ProgressRecord(WholeId + id, "Suite", "Done") { RecordType = ProgressRecordType.Completed });
        }
    }

    private Task RowAsync(int row, string name, string text) => write(new ProgressRecord(WholeId + row, name, text) { ParentActivityId = WholeId });

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
