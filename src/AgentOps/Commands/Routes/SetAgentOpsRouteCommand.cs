using System.Management.Automation;
using AgentOps.Completion;
using AgentOps.Engine.Errors;
using AgentOps.Engine.Routing;
using AgentOps.Engine.Routing.Quality;
using AgentOps.Hosting;
using AgentOps.Output;

namespace AgentOps.Commands;

/// <summary>Sets a route, in place of one of the same name.</summary>
[Cmdlet(VerbsCommon.Set, "AgentOpsRoute", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(Route))]
public sealed class SetAgentOpsRouteCommand : WorkspaceCmdlet
{
    /// <summary>The name that agents call it by.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(RouteNameCompleter))]
    public string Name { get; set; } = string.Empty;

    /// <summary>The targets, <c>provider/model</c> or <c>provider/model@region</c>, in order of preference.</summary>
    [Parameter(Mandatory = true, Position = 1, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string[] Target { get; set; } = [];

    /// <summary>How eligible targets are ranked.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateSet("Ordered", "CheapestCapable", "Fastest", "Best", "Weighted")]
    public string Objective { get; set; } = "Ordered";

    /// <summary>The least predicted quality that counts as capable, 0 to 1.</summary>
    [Parameter]
    [ValidateRange(0, 1)]
    public decimal MinimumQuality { get; set; }

    /// <summary>A file that Measure-AgentOpsRouter wrote: predicts, from a prompt's text, how well each model answers it.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? QualityModel { get; set; }

    /// <summary>The only regions allowed.</summary>
    [Parameter]
    public string[]? Region { get; set; }

    /// <summary>The longest acceptable wait for the first token.</summary>
    [Parameter]
    public TimeSpan MaximumLatency { get; set; }

    /// <summary>What a million input tokens cost, in USD, where the catalog doesn't know.</summary>
    [Parameter]
    [ValidateRange(0, 1_000_000)]
    public decimal InputPrice { get; set; }

    /// <summary>What a million output tokens cost, in USD, where the catalog doesn't know.</summary>
    [Parameter]
    [ValidateRange(0, 1_000_000)]
    public decimal OutputPrice { get; set; }

    /// <summary>Gives the route.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private protected override async Task ProcessAsync(CancellationToken cancellationToken)
    {
        var bound = MyInvocation.BoundParameters;
        var price = bound.ContainsKey(nameof(InputPrice)) || bound.ContainsKey(nameof(OutputPrice)) ? new ModelPrice(InputPrice, OutputPrice) : null;
        var qualityPath = QualityModel is null ? null : await ResolveLiteralPathAsync(QualityModel);
        var quality = qualityPath is null ? null : QualityModelFile.Read(qualityPath);
        var definition = new RouteDefinition
        {
            Name = Name,
            Targets = Target.Select(target => Parse(target) with { Price = price }).ToArray(),
            Objective = Enum.Parse<RouteObjective>(Objective, ignoreCase: true),
            MinimumQuality = bound.ContainsKey(nameof(MinimumQuality)) ? MinimumQuality : null,
            QualityModel = quality is null ? null : new QualityModelReference(qualityPath!, quality.Digest),
            Regions = Region is { Length: > 0 } ? Region : null,
            MaximumLatency = bound.ContainsKey(nameof(MaximumLatency)) ? MaximumLatency : null,
        };
        if (quality is not null && !definition.Targets.Any(target => quality.Models.Contains(target.Model, StringComparer.OrdinalIgnoreCase)))
        {
            await WriteWarningAsync($"The quality model knows none of the route's models; it knows {string.Join(", ", quality.Models)}.");
        }

        var workspace = await GetWorkspaceAsync(cancellationToken);
        await ForEachNameAsync([Name], "Set the route", async _ =>
        {
            var set = await workspace.Routes.SetAsync(definition, cancellationToken);
            if (PassThru)
            {
                await WriteAsync(Route.From(set));
            }
        });
    }

    private static RouteTarget Parse(string text)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        if (slash <= 0 || slash == text.Length - 1)
        {
            throw new AgentOpsException(ErrorCodes.RouteInvalid, $"The target '{text}' is not written as provider/model.", text);
        }

        var model = text[(slash + 1)..];
        var at = model.LastIndexOf('@');
        return at > 0 && at < model.Length - 1
            ? new RouteTarget(text[..slash], model[..at]) { Region = model[(at + 1)..] }
            : new RouteTarget(text[..slash], model);
    }
}
