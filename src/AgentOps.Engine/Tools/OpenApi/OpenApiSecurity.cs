using AgentOps.Engine.Errors;
using AgentOps.Engine.Providers;
using AgentOps.Engine.Tools.Http;

namespace AgentOps.Engine.Tools.OpenApi;

/// <summary>What an operation demands of its caller, met with the secrets that were given. Of several ways in, the first that can be met is taken.</summary>
internal sealed class OpenApiSecurity
{
    private readonly OpenApiNode _root;
    private readonly OpenApiOptions _options;

    public OpenApiSecurity(OpenApiNode root, OpenApiOptions options)
    {
        _root = root;
        _options = options;
        foreach (var (scheme, secret) in options.Secrets)
        {
            if (Scheme(scheme) is null)
            {
                var known = string.Join(", ", root.Get("components")?.Get("securitySchemes")?.Members.Select(member => $"'{member.Name}'") ?? []);
                throw new AgentOpsException(ErrorCodes.OperationNotSupported, $"{root.File.Name}: there is no security scheme '{scheme}'; the document has {(known.Length > 0 ? known : "none")}.", scheme);
            }

            if (!SecretReference.IsReference(secret))
            {
                throw new AgentOpsException(ErrorCodes.SecretReferenceInvalid, $"The secret for the security scheme '{scheme}' is no reference such as env:NAME or vault:NAME.", scheme);
            }
        }
    }

    /// <summary>The credentials of an operation; none where it can be called without.</summary>
    public IReadOnlyList<HttpCredential> Of(OpenApiOperation operation)
    {
        if ((operation.Operation.Get("security") ?? _root.Get("security")) is not { } security || !security.Items.Any())
        {
            return [];
        }

        var way = security.Items.Where(way => way.Members.Any() && way.Members.All(scheme => _options.Secrets.ContainsKey(scheme.Name))).Cast<OpenApiNode?>().FirstOrDefault();
        if (way is { } chosen)
        {
            return [.. chosen.Members.Select(scheme => Credential(scheme.Name, scheme.Value))];
        }

        var lacking = string.Join(", or ", security.Items.Select(one => string.Join(" and ", one.Members.Select(scheme => $"'{scheme.Name}'"))));
        return security.Items.Any(one => !one.Members.Any()) ? [] : throw security.Refuse($"'{operation.Id}' demands a credential: give a secret for {lacking}");
    }

    private OpenApiNode? Scheme(string name) => _root.Get("components")?.Get("securitySchemes")?.Get(name);

    private HttpCredential Credential(string name, OpenApiNode use)
    {
        var scheme = Scheme(name) ?? throw use.Refuse($"there is no security scheme '{name}'");
        var secret = _options.Secrets[name];
        return (scheme.Text("type"), scheme.Text("scheme")?.ToLowerInvariant(), scheme.Text("in")) switch
        {
            ("http", "bearer", _) or ("oauth2" or "openIdConnect", _, _) => new HttpCredential(secret, HttpPartPlace.Header, "Authorization", "bearer"),
            ("http", "basic", _) => new HttpCredential(secret, HttpPartPlace.Header, "Authorization", "basic"),
            ("apiKey", _, "header") when scheme.Text("name") is { } field => new HttpCredential(secret, HttpPartPlace.Header, field, null),
            ("apiKey", _, "query") when scheme.Text("name") is { } member => new HttpCredential(secret, HttpPartPlace.Query, member, null),
            var (type, kind, place) => throw scheme.Refuse($"the security scheme '{name}' ({string.Join(' ', new[] { type, kind, place }.OfType<string>())}) is not supported"),
        };
    }
}
