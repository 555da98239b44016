using AgentOps.Engine.Errors;
using AgentOps.Engine.Tools;
using AgentOps.Engine.Tools.OpenApi;

namespace AgentOps.Engine.Configuration;

/// <summary>
/// Reads <c>openapi</c> of a tool: <c>{file, operation, server, secrets, allowPrivateNetwork, identity, audience}</c>, an operation of an OpenAPI document.
/// The tool has all that the document says of it; a changed document changes the tool's digest when it is imported again.
/// </summary>
internal static class OpenApiToolParser
{
    /// <summary>The key.</summary>
    public const string Word = "openapi";

    /// <summary>The tool; where the document or the operation is not to be had, an error is recorded and the tool is empty.</summary>
    public static ToolDefinition Parse(string name, YamlMap map)
    {
        var (file, operation) = (map.RequireString("file"), map.RequireString("operation"));
        var secrets = (map.GetMap("secrets")?.All() ?? []).Select(secret => (secret.Name, Value: secret.AsString())).Where(secret => secret.Value is not null)
            .ToDictionary(secret => secret.Name, secret => secret.Value!, StringComparer.Ordinal);
        var options = new OpenApiOptions { Server = Server(map), Secrets = secrets, AllowPrivateNetwork = map.GetBoolean("allowPrivateNetwork") ?? false };
        var (isIdentified, audience) = (map.GetBoolean("identity") ?? false, map.GetString("audience"));
        try
        {
            // Beside the file that names it.
            var document = OpenApiDocument.Load(Path.Combine(Path.GetDirectoryName(Path.GetFullPath(map.Location.File)) ?? string.Empty, file));
            if (document.Find(operation) is { } found)
            {
                var defined = document.Define(found, name, options);
                return isIdentified ? defined.WithIdentity(audience) : defined;
            }

            map.Get("operation")?.Error($"'{file}' has no operation '{operation}'{YamlSuggestion.Hint(operation, [.. document.Operations.Select(one => one.Id)])}");
        }
        catch (AgentOpsException fault)
        {
            map.Error(fault.Message);
        }

        return new ToolDefinition { Name = name, Kind = ToolKind.Http };
    }

    private static Uri? Server(YamlMap map)
    {
        if (map.GetString("server") is not { } text)
        {
            return null;
        }

        if (Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https")
        {
            return uri;
        }

        map.Get("server")!.Error($"'{text}' is no http or https address");
        return null;
    }
}
