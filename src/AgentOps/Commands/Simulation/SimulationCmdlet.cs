using System.Globalization;
using System.Management.Automation;
using System.Text.Json;
using AgentOps.Completion;
using AgentOps.Hosting;
using AgentOps.Protocol;

namespace AgentOps.Commands;

/// <summary>A cmdlet that has the native helper simulate a load: what the load is, and how progress is shown.</summary>
public abstract class SimulationCmdlet : WorkspaceCmdlet
{
    private protected const string TraceSet = "Trace";
    private protected const string LoadSet = "Load";

    /// <summary>A trace file of real requests.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = TraceSet, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [Alias("PSPath", "Trace")]
    public string? LiteralPath { get; set; }

    /// <summary>Requests a second.</summary>
    [Parameter(Mandatory = true, ParameterSetName = LoadSet)]
    [ValidateRange(0.000001, 1_000_000)]
    public double Rate { get; set; }

    /// <summary>How long the load lasts.</summary>
    [Parameter(Mandatory = true, ParameterSetName = LoadSet)]
    [Duration]
    public TimeSpan Duration { get; set; }

    /// <summary>Mean prompt length in tokens.</summary>
    [Parameter(ParameterSetName = LoadSet)]
    [ValidateRange(1, 10_000_000)]
    public int PromptTokens { get; set; } = 512;

    /// <summary>Mean answer length in tokens.</summary>
    [Parameter(ParameterSetName = LoadSet)]
    [ValidateRange(1, 10_000_000)]
    public int OutputTokens { get; set; } = 128;

    /// <summary>The model, a name of the catalog.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ModelNameCompleter))]
    public string Model { get; set; } = "llama-3.1-8b";

    /// <summary>Only the first so many requests.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int First { get; set; }

    /// <summary>Promise: the longest time to the first token.</summary>
    [Parameter]
    [Duration]
    public TimeSpan SloTimeToFirstToken { get; set; }

    /// <summary>Promise: the longest mean time of a further token.</summary>
    [Parameter]
    [Duration]
    public TimeSpan SloTimePerOutputToken { get; set; }

    /// <summary>Seed of arrivals and lengths.</summary>
    [Parameter]
    public ulong Seed { get; set; } = 42;

    /// <summary>Runs a command of the helper; shows its progress and hands on its result lines.</summary>
    private protected async Task RunHelperAsync(IEnumerable<string> arguments, ProgressRecord progress, Func<JsonElement, Task> onResult, CancellationToken cancellationToken)
    {
        try
        {
            await HelperProcess.RunAsync(
                arguments,
                (type, line) => type switch
                {
                    "result" => onResult(line),
                    "progress" => ShowAsync(line, progress),
                    _ => Task.CompletedTask,
                },
                cancellationToken);
        }
        finally
        {
            progress.RecordType = ProgressRecordType.Completed;
            if (!cancellationToken.IsCancellationRequested)
            {
                await WriteProgressAsync(progress);
            }
        }
    }

    /// <summary>The helper's options of the load, the model, the promise and the seed.</summary>
    private protected async Task<List<string>> LoadArgumentsAsync()
    {
        var bound = MyInvocation.BoundParameters;
        var arguments = new List<string> { "--model", Model, "--seed", Text(Seed) };
        if (LiteralPath is not null)
        {
            arguments.AddRange(["--trace", await ResolveLiteralPathAsync(LiteralPath)]);
        }
        else
        {
            arguments.AddRange(["--rate", Text(Rate), "--duration", Text(Duration.TotalSeconds), "--prompt", Text(PromptTokens), "--output", Text(OutputTokens)]);
        }

        if (bound.ContainsKey(nameof(First)))
        {
            arguments.AddRange(["--requests", Text(First)]);
        }

        if (bound.ContainsKey(nameof(SloTimeToFirstToken)))
        {
            arguments.AddRange(["--slo-ttft", Text(SloTimeToFirstToken.TotalMilliseconds)]);
        }

        if (bound.ContainsKey(nameof(SloTimePerOutputToken)))
        {
            arguments.AddRange(["--slo-tpot", Text(SloTimePerOutputToken.TotalMilliseconds)]);
        }

        return arguments;
    }

    /// <summary>A number as the helper reads it.</summary>
    private protected static string Text(IFormattable number) => number.ToString(null, CultureInfo.InvariantCulture);

    private async Task ShowAsync(JsonElement line, ProgressRecord progress)
    {
        if (line.Deserialize(ProtocolJson.Default.ProgressLine) is { } step)
        {
            progress.Activity = step.Activity;
            progress.StatusDescription = string.Create(CultureInfo.InvariantCulture, $"{step.Completed:#,0} of {step.Total:#,0}");
            progress.PercentComplete = step.Total > 0 ? (int)Math.Min(100, 100 * step.Completed / step.Total) : -1;
            progress.SecondsRemaining = step.SecondsLeft is { } left ? (int)Math.Min(int.MaxValue, left) : -1;
            await WriteProgressAsync(progress);
        }
    }
}
