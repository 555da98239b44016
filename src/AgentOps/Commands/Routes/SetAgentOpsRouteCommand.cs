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
    [ArgumentCompleter(typeof(TargetCompleter))]
    public string[] Target { get; set; } = [];

    /// <summary>How eligible targets are ranked.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateSet("Ordered", "CheapestCapable", "Fastest", "Best", "Weighted")]
    public string Objective { get; set; } = "Ordered";

    /// <summary>The least predicted quality that counts as capable, 0 to 1.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [AllowNull]
    public decimal? MinimumQuality { get; set; }

    /// <summary>A file that Measure-AgentOpsRouter wrote: predicts, from a prompt's text, how well each model answers it.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [AllowNull]
    [AllowEmptyString]
    public string? QualityModel { get; set; }

    /// <summary>The only regions allowed.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [AllowEmptyCollection]
    public string[]? Region { get; set; }

    /// <summary>The longest acceptable wait for the first token.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [AllowNull]
    [Duration]
    public TimeSpan? MaximumLatency { get; set; }

    /// <summary>What a million input tokens cost, in USD, where the catalog doesn't know.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [AllowNull]
    public decimal? InputPrice { get; set; }

    /// <summary>What a million output tokens cost, in USD, where the catalog doesn't know.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [AllowNull]
    public decimal? OutputPrice { get; set; }

    /// <summary>Gives the route.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private protected override async Task ProcessAsync(CancellationToken cancellationToken)
    {
        Require(MinimumQuality is null or (>= 0 and <= 1), $"the least quality is between 0 and 1, not {MinimumQuality}.");
        Require(InputPrice is null or >= 0 && OutputPrice is null or >= 0, $"a price is not below 0.");
        Require(MaximumLatency is null || MaximumLatency > TimeSpan.Zero, $"the longest wait is above zero.");
        var workspace = await GetWorkspaceAsync(cancellationToken);
        var known = (await workspace.GetStateAsync(cancellationToken)).Routes.GetValueOrDefault(Name)?.Targets ?? [];
        var qualityPath = string.IsNullOrEmpty(QualityModel) ? null : await ResolveLiteralPathAsync(QualityModel);
        var quality = qualityPath is null ? null : QualityModelFile.Read(qualityPath);
        var definition = new RouteDefinition
        {
            Name = Name,
            Targets = Target.Select(target => Priced(Known(Parse(target), known))).ToArray(),
            Objective = Enum.Parse<RouteObjective>(Objective, ignoreCase: true),
            MinimumQuality = MinimumQuality,
            QualityModel = quality is null ? null : new QualityModelReference(qualityPath!, quality.Digest),
            Regions = Region is { Length: > 0 } ? Region : null,
            MaximumLatency = MaximumLatency,
        };
        if (quality is not null && !definition.Targets.Any(target => quality.Models.Contains(target.Model, StringComparer.OrdinalIgnoreCase)))
        {
            await WriteWarningAsync($"The quality model knows none of the route's models; it knows {string.Join(", ", quality.Models)}.");
        }

        await ForEachNameAsync([Name], "Set the route", async _ =>
        {
            var set = await workspace.Routes.SetAsync(definition, cancellationToken);
            if (PassThru)
            {
                await WriteAsync(Route.From(set));
            }
        });
    }

    private void Require(bool isRight, FormattableString otherwise)
    {
        if (!isRight)
        {
            throw new AgentOpsException(ErrorCodes.RouteInvalid, $"The route '{Name}' can't be set: {FormattableString.Invariant(otherwise)}", Name);
        }
    }

    // What is known of a target that the route has already (its price, its clearance, its share) stays known.
    private static RouteTarget Known(RouteTarget target, IEnumerable<RouteTarget> known) => known.FirstOrDefault(one => one.ToString() == target.ToString()) ?? target;

    private RouteTarget Priced(RouteTarget target) => InputPrice is null && OutputPrice is null ? target : target with { Price = new ModelPrice(InputPrice ?? 0, OutputPrice ?? 0) };

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
