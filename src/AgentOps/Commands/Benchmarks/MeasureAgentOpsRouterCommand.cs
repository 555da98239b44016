using System.Globalization;
using System.Management.Automation;
using AgentOps.Engine.Errors;
using AgentOps.Engine.Routing.Quality;
using AgentOps.Hosting;

namespace AgentOps.Commands;

/// <summary>Measures what routing by the prompt's text would save on a table, and learns a quality model from it for routes.</summary>
[Cmdlet(VerbsDiagnostic.Measure, "AgentOpsRouter", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(Output.RouterEvaluation))]
public sealed class MeasureAgentOpsRouterCommand : WorkspaceCmdlet
{
    private const int ProgressId = 0x4147_0006;

    /// <summary>CSV with the columns prompt_id, prompt, model, score, cost and optionally category.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [Alias("PSPath")]
    public string LiteralPath { get; set; } = string.Empty;

    /// <summary>Parts of the cross-validation.</summary>
    [Parameter]
    [ValidateRange(2, 20)]
    public int Fold { get; set; } = 5;

    /// <summary>Repetitions with other parts; the figures are their means.</summary>
    [Parameter]
    [ValidateRange(1, 20)]
    public int Repeat { get; set; } = 5;

    /// <summary>A file for the quality model that is learned from the whole table.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? OutFile { get; set; }

    /// <summary>Replaces a file that is there.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    private protected override Task ProcessAsync(CancellationToken cancellationToken) => ForItemAsync(LiteralPath, () => MeasureAsync(cancellationToken));

    private async Task MeasureAsync(CancellationToken cancellationToken)
    {
        var (path, file) = (await ResolveLiteralPathAsync(LiteralPath), OutFile is null ? null : await ResolveLiteralPathAsync(OutFile));
        if (file is not null && !Force && File.Exists(file))
        {
            throw new AgentOpsException(ErrorCodes.FileExists, $"There is a file '{OutFile}' already.", OutFile, "Replace it by -Force, or give another name.");
        }

        var progress = new ProgressRecord(ProgressId, $"Measuring routers on {Path.GetFileName(path)}", "Reading");
        try
        {
            await WriteProgressAsync(progress);
            var table = QualityTable.Load(path);
            if (file is not null && table.Examples.Max(example => example.Scores.Max()) is > 1 and var most)
            {
                throw new AgentOpsException(ErrorCodes.QualityTableInvalid,
                    string.Create(CultureInfo.InvariantCulture, $"The table's scores reach {most:0.###}, and what a route goes by is a quality from 0 to 1."), path,
                    "Divide the scores by the highest that there can be; or leave -OutFile out, for the comparison takes any scale.");
            }

            progress.StatusDescription = FormattableString.Invariant($"{table.Examples.Count} prompts, {table.Models.Count} models, {Fold} parts {Repeat} times");
            await WriteProgressAsync(progress);
            var comparison = await Task.Run(() => RouterComparison.Compare(table, Fold, Repeat, cancellationToken), cancellationToken);
            // Before anything is given: a pipeline that has seen enough stops the command.
            if (file is not null && await ConfirmAsync(file, "Write the quality model"))
            {
                var (model, margin) = await Task.Run(
                    () => (QualityModel.Train(table, cancellationToken), CapableMargin.Of(table, RouterEvaluation.CrossValidate(table, Fold, 0, cancellationToken))), cancellationToken);
                await using var output = new FileStream(file, FileMode.Create, FileAccess.Write);
                QualityModelFile.Write(table.Models, model, margin.Value, output);
                await WriteVerboseAsync(string.Create(CultureInfo.InvariantCulture,
                    $"Cheapest-capable routes that go by it keep {100 * margin.Quality:0.0} % of {comparison.Strongest}'s quality and save {100 * margin.Saved:0.0} % of its cost, measured on prompts that were not learned from."));
            }

            foreach (var report in comparison.Reports)
            {
                await WriteAsync(Output.RouterEvaluation.From(path, table, comparison.Strongest, report));
            }

            if (comparison.Doubt is { } doubt)
            {
                await WriteWarningAsync(doubt);
            }
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
}
