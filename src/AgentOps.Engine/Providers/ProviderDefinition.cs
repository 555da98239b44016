using System.Text.Json;
using System.Text.Json.Nodes;
using AgentOps.Engine.Errors;

namespace AgentOps.Engine.Providers;

/// <summary>A provider as it is registered: what is stored, and what the factory makes a provider of.</summary>
public sealed record ProviderDefinition
{
    /// <summary>The name that routes call it by.</summary>
    public required string Name { get; init; }

    /// <summary>One of <see cref="ProviderKinds"/>.</summary>
    public required string Kind { get; init; }

    /// <summary>The endpoint's base address; null for the vendor's own.</summary>
    public Uri? Uri { get; init; }

    /// <summary>A reference to the credential, <c>env:NAME</c> or <c>vault:NAME</c>; never the credential.</summary>
    public string? Secret { get; init; }

    /// <summary>An HTTP proxy; null for the system's.</summary>
    public Uri? Proxy { get; init; }

    /// <summary>Further request headers. A value may be a secret reference.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>
    /// The most secret data class that may be sent there; null for <c>internal</c>, or <c>secret</c> where it runs in process.
    /// </summary>
    public string? Clearance { get; init; }

    /// <summary>What belongs to the kind alone: for <c>simulated</c> the scenario; for <c>bedrock</c> the region. Never changed.</summary>
    public JsonObject Options { get; init; } = [];

    /// <summary>Credit, discount and commitment.</summary>
    public CommercialTerms? Terms { get; init; }

    /// <summary>The JSON form: fixed order of keys, no floating point of ours.</summary>
    public JsonObject ToJson()
    {
        var json = new JsonObject { ["name"] = Name, ["kind"] = Kind };
        Put(json, "uri", Uri?.OriginalString);
        Put(json, "secret", Secret);
        Put(json, "proxy", Proxy?.OriginalString);
        Put(json, "clearance", Clearance);
        if (Headers.Count > 0)
        {
            var headers = new JsonObject();
            foreach (var (name, value) in Headers.OrderBy(header => header.Key, StringComparer.Ordinal))
            {
                headers[name] = value;
            }

            json["headers"] = headers;
        }

        if (Options.Count > 0)
        {
            json["options"] = Options.DeepClone();
        }

        if (Terms is not null)
        {
            json["terms"] = Terms.ToJson();
        }

        return json;
    }

    /// <summary>Reads <see cref="ToJson"/>'s form.</summary>
    /// <exception cref="AgentOpsException">Name or kind is missing, an address is no absolute URI, or the kind is unknown.</exception>
    public static ProviderDefinition FromJson(JsonElement element)
    {
        var name = element.Text("name") ?? throw Invalid("it has no 'name'", null);
        var kind = element.Text("kind") ?? throw Invalid("it has no 'kind'", name);
        if (!ProviderKinds.All.Contains(kind))
        {
            throw Invalid($"the kind '{kind}' is unknown; known: {string.Join(", ", ProviderKinds.All)}", name);
        }

        // The value is never repeated: it may be the secret itself.
        if (element.Text("secret") is { } secret && !SecretReference.IsReference(secret))
        {
            throw Invalid("'secret' is no reference such as env:NAME or vault:NAME; the secret itself is never stored", name);
        }

        if (element.Member("headers") is { ValueKind: JsonValueKind.Object } given && given.EnumerateObject().Any(header =>
            SecretReference.IsSecretHeader(header.Name) && !SecretReference.IsReference(header.Value.ToString())))
        {
            throw Invalid("a header that carries a credential needs a reference such as env:NAME as its value", name);
        }

        return new ProviderDefinition
        {
            Name = name,
            Kind = kind,
            Uri = Address(element, "uri", name),
            Secret = element.Text("secret"),
            Proxy = Address(element, "proxy", name),
            Clearance = element.Text("clearance"),
            Headers = element.Member("headers") is { ValueKind: JsonValueKind.Object } headers
                ? headers.EnumerateObject().ToDictionary(
                    header => header.Name, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase)
                : new Dictionary<string, string>(),
            Options = element.Member("options") is { ValueKind: JsonValueKind.Object } options ? JsonObject.Create(options.Clone())! : [],
            Terms = element.Member("terms") is { ValueKind: JsonValueKind.Object } terms ? CommercialTerms.FromJson(terms) : null,
        };
    }

    internal string? Option(string name) =>
        Options[name] is JsonValue value && value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : null;

    internal long? OptionNumber(string name) =>
        Options[name] is JsonValue value && value.GetValueKind() == JsonValueKind.Number && value.TryGetValue<long>(out var number) ? number : null;

    private static Uri? Address(JsonElement element, string key, string name)
    {
        if (element.Text(key) is not { } text)
        {
            return null;
        }

        return System.Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"
            ? uri
            : throw Invalid($"'{key}' is no absolute http or https address", name);
    }

    private static void Put(JsonObject json, string name, string? value)
    {
        if (value is not null)
        {
            json[name] = value;
        }
    }

    private static AgentOpsException Invalid(string what, string? name) =>
        new(ErrorCodes.ProviderInvalid, $"The provider {(name is null ? "definition" : $"'{name}'")} is invalid: {what}.", name);
}
