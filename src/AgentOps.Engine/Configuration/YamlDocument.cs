namespace AgentOps.Engine.Configuration;

/// <summary>One parsed document of a configuration file.</summary>
/// <param name="Kind">The value of <c>kind</c>.</param>
/// <param name="Name">The value of <c>name</c>.</param>
/// <param name="Value">What the kind's parser made of it.</param>
/// <param name="Location">Where it begins.</param>
public sealed record YamlDocument(string Kind, string Name, object Value, YamlLocation Location);
