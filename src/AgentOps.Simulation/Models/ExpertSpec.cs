namespace AgentOps.Simulation.Models;

/// <summary>The experts of a mixture-of-experts model.</summary>
/// <param name="Count">Routed experts a layer.</param>
/// <param name="Active">Routed experts a token uses.</param>
/// <param name="Shared">Experts that every token uses.</param>
/// <param name="IntermediateSize">Width of one routed expert.</param>
/// <param name="SharedIntermediateSize">Width of one shared expert.</param>
/// <param name="DenseLayers">Layers, from the first on, that have a dense block instead.</param>
/// <param name="CrossExchange">
/// Bytes a token and layer that experts exchange when they attend to each other, as a multiple of the hidden size in 16 bits;
/// 0 for every published model.
/// </param>
public sealed record ExpertSpec(
    int Count,
    int Active,
    int Shared,
    int IntermediateSize,
    int SharedIntermediateSize,
    int DenseLayers = 0,
    double CrossExchange = 0);
