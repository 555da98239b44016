using System.Text.Json.Serialization;

namespace AgentOps.Protocol.Ledger;

/// <summary>How the reports about ledgers are written.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(VerificationReport))]
public sealed partial class LedgerJson : JsonSerializerContext;
