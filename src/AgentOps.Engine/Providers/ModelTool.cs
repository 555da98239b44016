using System.Text.Json.Nodes;

namespace AgentOps.Engine.Providers;

/// <summary>A tool as a model sees it.</summary>
/// <param name="Name">Unique among a request's tools.</param>
/// <param name="Description">What it does, for the model.</param>
/// <param name="InputSchema">A JSON Schema of type <c>object</c>; never changed by whoever receives it.</param>
public sealed record ModelTool(string Name, string Description, JsonObject InputSchema)
{
    /// <summary>Estimated once: a schema is long, and the same tools go with every call.</summary>
    internal long EstimatedTokens { get; } =
        TokenEstimate.OfText(Name) + TokenEstimate.OfText(Description) + (InputSchema.ToJsonString().Length / 4);
}
