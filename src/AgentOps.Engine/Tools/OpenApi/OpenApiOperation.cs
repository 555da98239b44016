using AgentOps.Engine.Configuration;

namespace AgentOps.Engine.Tools.OpenApi;

/// <summary>One operation of an OpenAPI document.</summary>
public sealed class OpenApiOperation
{
    internal OpenApiOperation(string id, string method, string path, OpenApiNode operation, OpenApiNode pathItem)
    {
        Id = id;
        Method = method;
        Path = path;
        Operation = operation;
        PathItem = pathItem;
    }

    /// <summary>Its <c>operationId</c>; where it has none, method and path in letters, digits and underscores.</summary>
    public string Id { get; }

    /// <summary>The HTTP method, in capitals.</summary>
    public string Method { get; }

    /// <summary>The path template, below the server's address.</summary>
    public string Path { get; }

    /// <summary>Where it stands.</summary>
    public YamlLocation Location => Operation.Location;

    internal OpenApiNode Operation { get; }

    internal OpenApiNode PathItem { get; }
}
