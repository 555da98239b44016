using System.Text.Json;
using System.Text.Json.Nodes;
using AgentOps.Engine.Errors;
using AgentOps.Engine.Providers;
using AgentOps.Engine.Routing.Quality;

namespace AgentOps.Engine.Routing;

/// <summary>The quality model of a route: a file, which must stay as it was when the route was set.</summary>
/// <param name="File">Its full path.</param>
/// <param name="Digest">Its SHA-256, lowercase hexadecimal.</param>
public sealed record QualityModelReference(string File, string Digest)
{
    /// <summary>The JSON form.</summary>
    public JsonObject ToJson() => new() { ["file"] = File, ["digest"] = Digest };

    /// <summary>Reads <see cref="ToJson"/>'s form.</summary>
    /// <exception cref="AgentOpsException">A member is missing, or the path is not a full one.</exception>
    public static QualityModelReference FromJson(JsonElement element, string route) =>
        element.Text("file") is { } file && Path.IsPathFullyQualified(file) && element.Text("digest") is { Length: 64 } digest
            ? new QualityModelReference(file, digest.ToLowerInvariant())
            : throw new AgentOpsException(ErrorCodes.RouteInvalid, $"The quality model of the route '{route}' needs 'file', a full path, and 'digest', the file's SHA-256.", route);

    /// <summary>Loads the file.</summary>
    /// <exception cref="AgentOpsException"><c>QualityModelInvalid</c>: it is not there, no quality model, or another one.</exception>
    public LearnedQuality Load()
    {
        var file = QualityModelFile.Read(File);
        return string.Equals(file.Digest, Digest, StringComparison.Ordinal)
            ? new LearnedQuality(file)
            : throw new AgentOpsException(ErrorCodes.QualityModelInvalid, $"The quality model '{File}' has changed since the route was set to it.", File);
    }
}
