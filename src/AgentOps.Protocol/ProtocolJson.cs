using System.Text.Json.Serialization;

namespace AgentOps.Protocol;

/// <summary>How the protocol's own lines are written.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ProtocolLine))]
[JsonSerializable(typeof(ProgressLine))]
[JsonSerializable(typeof(ErrorLine))]
[JsonSerializable(typeof(SessionLine))]
public sealed partial class ProtocolJson : JsonSerializerContext;
