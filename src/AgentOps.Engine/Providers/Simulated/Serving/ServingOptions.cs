using System.Text.Json;
using System.Text.Json.Nodes;
using AgentOps.Engine.Catalog;
using AgentOps.Engine.Errors;
using AgentOps.Simulation;
using AgentOps.Simulation.Models;
using AgentOps.Simulation.Serving;

namespace AgentOps.Engine.Providers.Simulated;

/// <summary>What a simulated model pretends to run on: the <c>serving</c> of a provider's options.</summary>
public sealed record ServingOptions
{
    /// <summary>The model, a name of the catalog of models.</summary>
    public required string Model { get; init; }

    /// <summary>The accelerator, a name of the catalog of accelerators.</summary>
    public required string Accelerator { get; init; }

    /// <summary>Devices that share each layer; null: the fewest that fit.</summary>
    public int? TensorParallel { get; init; }

    /// <summary>Format of the weights: bf16, fp8, int8 or fp4; null for the model's own.</summary>
    public string? Precision { get; init; }

    /// <summary>The largest batch, in sequences; null for 256.</summary>
    public int? MaximumSequences { get; init; }

    /// <summary>The largest step, in tokens; null for 8192.</summary>
    public int? MaximumStepTokens { get; init; }

    /// <summary>Reads the <c>serving</c> of a provider's options; null where there is none.</summary>
    /// <exception cref="AgentOpsException"><c>ScenarioInvalid</c>: a key is unknown, missing, or of the wrong kind.</exception>
    public static ServingOptions? FromOptions(JsonObject options)
    {
        if (options["serving"] is not { } node)
        {
            return null;
        }

        using var document = JsonDocument.Parse(node.ToJsonString());
        var element = document.RootElement;
        ScenarioJson.CheckKeys(element, "'serving'", "model", "accelerator", "tensorParallel", "precision", "maxNumSeqs", "maxNumBatchedTokens");
        return new ServingOptions
        {
            Model = element.Text("model") ?? throw ScenarioJson.Invalid("'serving' has no 'model'"),
            Accelerator = element.Text("accelerator") ?? throw ScenarioJson.Invalid("'serving' has no 'accelerator'"),
            TensorParallel = Count(element, "tensorParallel"),
            Precision = element.Text("precision"),
            MaximumSequences = Count(element, "maxNumSeqs"),
            MaximumStepTokens = Count(element, "maxNumBatchedTokens"),
        };
    }

    /// <summary>Makes the replica that calls share.</summary>
    /// <exception cref="AgentOpsException">
    /// <c>CatalogEntryNotFound</c>: no such model or accelerator; <c>SimulationInvalid</c>: the one does not fit on the other.
    /// </exception>
    internal OnlineReplica Build()
    {
        var scheduler = new SchedulerOptions { PrefixCaching = false };
        scheduler = scheduler with
        {
            MaximumSequences = MaximumSequences ?? scheduler.MaximumSequences,
            MaximumStepTokens = MaximumStepTokens ?? Math.Max(scheduler.MaximumStepTokens, MaximumSequences ?? 0),
        };
        var deployment = new Deployment
        {
            Model = ModelCatalog.Load().Find(Model),
            Accelerator = AcceleratorCatalog.Load().Find(Accelerator),
            TensorParallel = TensorParallel ?? 1,
            WeightPrecision = Precision is { } name ? Format(name) : null,
        };
        if (TensorParallel is null)
        {
            deployment = deployment.OnFewestDevices(scheduler.BlockSize, scheduler.MaximumStepTokens);
        }

        try
        {
            return new OnlineReplica(deployment, scheduler, LatencyCatalog.Load());
        }
        catch (SimulationInputException exception)
        {
            throw new AgentOpsException(ErrorCodes.SimulationInvalid, exception.Message, exception.Target, exception.Mend, exception);
        }
    }

    private static Precision Format(string name) => PrecisionNames.All.TryGetValue(name, out var precision)
        ? precision
        : throw ScenarioJson.Invalid($"the precision '{name}' is unknown; known: {string.Join(", ", PrecisionNames.All.Keys)}");

    private static int? Count(JsonElement element, string name) => element.Member(name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.Number } number when number.TryGetInt32(out var value) && value >= 1 => value,
        _ => throw ScenarioJson.Invalid($"'{name}' of 'serving' is no whole number of 1 or more"),
    };
}
