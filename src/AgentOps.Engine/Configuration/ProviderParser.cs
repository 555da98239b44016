using System.Text.Json;
using System.Text.Json.Nodes;
using AgentOps.Engine.Serialization;
using AgentOps.Engine.Providers;

namespace AgentOps.Engine.Configuration;

/// <summary>Reads documents of kind <c>Provider</c> into <see cref="ProviderDefinition"/>.</summary>
public sealed class ProviderParser : IYamlKindParser
{
    private static readonly (string Word, string Value)[] Protocols = ProviderKinds.All.Select(kind => (kind, kind)).ToArray();

    /// <inheritdoc/>
    public string Kind => "Provider";

    /// <inheritdoc/>
    public object Parse(string name, YamlMap document)
    {
        var headers = new JsonObject();
        foreach (var header in document.GetMap("headers")?.All() ?? [])
        {
            headers.With(header.Name, header.AsString());
        }

        var json = new JsonObject { ["name"] = name }
            .With("kind", document.RequireOneOf("protocol", Protocols) ?? ProviderKinds.Simulated)
            .With("uri", document.GetString("uri"))
            .With("secret", document.GetString("secret"))
            .With("proxy", document.GetString("proxy"))
            .With("clearance", document.GetString("clearance"))
            .With("headers", headers.Count > 0 ? headers : null)
            .With("options", document.Get("options")?.ToJson())
            .With("terms", document.Get("terms")?.ToJson());
        using var parsed = JsonDocument.Parse(json.ToJsonString());
        try
        {
            return ProviderDefinition.FromJson(parsed.RootElement.Clone());
        }
        catch (Errors.AgentOpsException fault)
        {
            document.Error(fault.Message);
            return new ProviderDefinition { Name = name, Kind = ProviderKinds.Simulated };
        }
    }
}
