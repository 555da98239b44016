using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace AgentOps.Engine.Ledger;

/// <summary>The first line of a snapshot: what it is bound to. It is signed by the ledger's key.</summary>
/// <param name="Position">The place in the log after the commit line.</param>
/// <param name="Commit">The commit line with its line feed, as it stands in the log.</param>
/// <param name="Subtrees">The frontier of the tree of that size.</param>
/// <param name="LastTime">The time of the newest record.</param>
/// <param name="Key">The key that signs the next batch, and this snapshot.</param>
/// <param name="LastKey">The key that signed the commit line.</param>
/// <param name="ProjectionDigest">SHA-256 of the projection's bytes, lowercase hexadecimal.</param>
internal sealed record SnapshotHeader(
    LogPosition Position,
    string Commit,
    IReadOnlyList<MerkleHash> Subtrees,
    DateTimeOffset LastTime,
    string Key,
    string LastKey,
    string ProjectionDigest)
{
    private const int Version = 1;

    /// <summary>The line, without its line feed; the signature is over it.</summary>
    public byte[] ToBytes()
    {
        var node = new JsonObject
        {
            ["agentopsSnapshot"] = Version,
            ["segment"] = Position.Segment,
            ["offset"] = Position.Offset,
            ["line"] = Position.Line,
            ["commit"] = Commit,
            ["subtrees"] = new JsonArray([.. Subtrees.Select(hash => JsonValue.Create(hash.ToString()))]),
            ["lastTime"] = LastTime.UtcTicks,
            ["key"] = Key,
            ["lastKey"] = LastKey,
            ["projection"] = ProjectionDigest,
        };
        return Encoding.UTF8.GetBytes(node.ToJsonString());
    }

    /// <summary>Reads the line; null where another version wrote it or it is none.</summary>
    public static SnapshotHeader? TryParse(ReadOnlySpan<byte> line)
    {
        try
        {
            if (JsonNode.Parse(line) is not JsonObject node || (int?)node["agentopsSnapshot"] != Version)
            {
                return null;
            }

            return new SnapshotHeader(
                new LogPosition((int)node["segment"]!, (long)node["offset"]!, (long)node["line"]!),
                (string)node["commit"]!,
                [.. node["subtrees"]!.AsArray().Select(text => MerkleHash.TryParse((string)text!, out var hash) ? hash : throw new FormatException())],
                new DateTimeOffset((long)node["lastTime"]!, TimeSpan.Zero),
                (string)node["key"]!,
                (string)node["lastKey"]!,
                (string)node["projection"]!);
        }
        catch (Exception exception) when (exception is JsonException or FormatException or InvalidOperationException or NullReferenceException or ArgumentException or OverflowException)
        {
            return null;
        }
    }

    /// <summary>The digest that binds the projection's bytes.</summary>
    public static string GetDigest(ReadOnlySpan<byte> projection) => Convert.ToHexStringLower(SHA256.HashData(projection));
}
