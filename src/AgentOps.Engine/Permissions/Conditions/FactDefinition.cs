namespace AgentOps.Engine.Permissions;

/// <summary>A fact that rules may test.</summary>
/// <param name="Name">Its name, for example <c>session.taint</c>.</param>
/// <param name="Type">Its type.</param>
/// <param name="Levels">For <see cref="FactType.Level"/>: the words from lowest to highest.</param>
public sealed record FactDefinition(string Name, FactType Type, IReadOnlyList<string>? Levels = null);
