using System.Management.Automation;
using System.Text;
using AgentOps.Engine.Benchmarks.Endpoints;
using AgentOps.Engine.Errors;
using AgentOps.Engine.Reports;
using AgentOps.Hosting;
using AgentOps.Output;
using AgentOps.Reports;

namespace AgentOps.Commands;

/// <summary>Writes results as one HTML file with plots, readable offline.</summary>
[Cmdlet(VerbsData.Export, "AgentOpsReport", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(FileInfo))]
public sealed class ExportAgentOpsReportCommand : FileExportCmdlet
{
    private readonly List<PSObject> _objects = [];

    /// <summary>What the report is about.</summary>
    [Parameter(ValueFromPipeline = true)]
    [ValidateNotNull]
    public PSObject[] InputObject { get; set; } = [];

    /// <summary>Files of raw samples, as Measure-AgentOpsRoute -OutFile writes them.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[] SampleFile { get; set; } = [];

    /// <summary>The title.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string Title { get; set; } = "AgentOps report";

    private protected override Task ProcessAsync(CancellationToken cancellationToken)
    {
        _objects.AddRange(InputObject);
        return Task.CompletedTask;
    }

    private protected override async Task EndAsync(CancellationToken cancellationToken)
    {
        var path = await ResolveTargetAsync();
        var measured = Take<RouteBenchmark>();
        foreach (var file in SampleFile)
        {
            var samples = Engine.Benchmarks.Endpoints.SampleFile.ReadSamples(await ResolveLiteralPathAsync(file));
            var targets = samples.Select(sample => sample.Target).Distinct(StringComparer.OrdinalIgnoreCase).ToArray();
            measured.AddRange(TargetSummary.Of(targets, samples, ServiceObjective.None, TimeSpan.Zero)
                .Select(summary => RouteBenchmark.From(summary, "", samples, null, null)));
        }

        ReportSection[] sections =
        [
            .. RouteSections.Of(measured),
            .. OtherSections.OfCandidates(Take<RouteCandidate>()),
            .. OtherSections.OfSimulations(Take<SimulationResult>()),
            .. OtherSections.OfUsage(Take<UsageSummary>()),
            .. await OnPipelineAsync(() => PlainSections.Of(_objects).ToArray()),
        ];
        if (sections.Length == 0)
        {
            throw new AgentOpsException(ErrorCodes.ReportEmpty, "There is nothing to report.", path);
        }

        var html = HtmlReport.Write(new Report(Title, DateTimeOffset.UtcNow, sections));
        await ExportAsync(path, "Write the report", async output => await output.WriteAsync(Encoding.UTF8.GetBytes(html), cancellationToken));
    }

    private List<T> Take<T>()
    {
        var taken = _objects.Where(item => item.BaseObject is T).Select(item => (T)item.BaseObject).ToList();
        _objects.RemoveAll(item => item.BaseObject is T);
        return taken;
    }
}
