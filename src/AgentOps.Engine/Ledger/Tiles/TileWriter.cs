using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace AgentOps.Engine.Ledger;

/// <summary>
/// Writes the tiles, the entry bundles and the checkpoint from the log. All of them are derived: where they lag, or do
/// not give the signed root, they are made again. One process at a time does it; another one leaves it to that one.
/// </summary>
internal sealed class TileWriter(LedgerFolder folder, ILedgerFiles files)
{
    private readonly List<List<MerkleHash>> edges = [];
    private readonly ByteBuffer bundle = new();
    private LogPosition fullPosition;
    private long fullSize;

    private string LockPath => Path.Combine(folder.State, "derived.lock");

    private string ProgressPath => Path.Combine(folder.State, "tree");

    /// <summary>Brings the derived files up to a commit line.</summary>
    /// <param name="commit">The commit line.</param>
    /// <param name="origin">The name of the ledger.</param>
    /// <param name="end">The place after the commit line.</param>
    /// <param name="cancellationToken">Stops between two tiles; what is written stays of use.</param>
    /// <returns>False when another process is at it.</returns>
    public bool Write(CommitLine commit, string origin, LogPosition end, CancellationToken cancellationToken)
    {
        using var held = files.TryLock(LockPath);
        if (held is null)
        {
            return false;
        }

        if (ReadCheckpoint() is { } written && written.Origin == origin && written.Size > commit.Size)
        {
            return true;
        }

        LoadProgress();
        if (fullSize > commit.Size || !WriteFrom(commit, end, cancellationToken))
        {
            Forget();
            if (!WriteFrom(commit, end, cancellationToken))
            {
                throw new FormatException("The tiles made from the log do not give the root of its commit line.");
            }
        }

        files.Replace(folder.Checkpoint, Encoding.UTF8.GetBytes(commit.ToCheckpoint(origin).Note), durable: false);
        SaveProgress();
        return true;
    }

    private bool WriteFrom(CommitLine commit, LogPosition end, CancellationToken cancellationToken)
    {
        var (size, count) = (fullSize, 0);
        bundle.Cut(0);
        foreach (var line in new LogLines(folder, files).Read(fullPosition, end))
        {
            if (!line.IsRecord)
            {
                continue;
            }

            BinaryPrimitives.WriteUInt16BigEndian(bundle.GetSpan(2), (ushort)line.Bytes.Length);
            bundle.Advance(2);
            System.Buffers.BuffersExtensions.Write(bundle, line.Bytes.Span);
            Edge(0).Add(MerkleHash.Leaf(line.Bytes.Span));
            size++;
            if (++count == TilePath.Width)
            {
                cancellationToken.ThrowIfCancellationRequested();
                WriteFull(size);
                fullPosition = line.After;
                fullSize = size;
                count = 0;
            }
        }

        if (size != commit.Size || !GetRoot().Equals(commit.Root))
        {
            return false;
        }

        WritePartial(size);
        return true;
    }

    private void WriteFull(long size)
    {
        WriteTile(TilePath.GetEntries((size / TilePath.Width) - 1, TilePath.Width), bundle.Span);
        bundle.Cut(0);
        for (var (level, at) = (0, size); Edge(level).Count == TilePath.Width; level++)
        {
            var index = (at / TilePath.Width) - 1;
            at /= TilePath.Width;
            WriteTile(TilePath.GetHashes(level, index, TilePath.Width), GetBytes(Edge(level)));
            Edge(level + 1).Add(TileTree.Fold(edges[level]));
            edges[level].Clear();
        }
    }

    private void WritePartial(long size)
    {
        for (var (level, at) = (0, size); level < edges.Count; level++, at /= TilePath.Width)
        {
            var width = edges[level].Count;
            if (width > 0)
            {
                WriteTile(TilePath.GetHashes(level, at / TilePath.Width, width), GetBytes(edges[level]));
            }
        }

        if (size % TilePath.Width is var entries and > 0)
        {
            WriteTile(TilePath.GetEntries(size / TilePath.Width, (int)entries), bundle.Span);
        }
    }

    private void WriteTile(string path, ReadOnlySpan<byte> content)
    {
        var full = Path.Combine(folder.Tiles, path);
        files.CreateFolder(Path.GetDirectoryName(full)!);
        files.Replace(full, content, durable: false);
    }

    private List<MerkleHash> Edge(int level)
    {
        while (edges.Count <= level)
        {
            edges.Add(new List<MerkleHash>(TilePath.Width));
        }

        return edges[level];
    }

    private MerkleHash GetRoot()
    {
        MerkleHash? root = null;
        foreach (var edge in edges)
        {
            // Within an edge the perfect subtrees stand largest first, and all of them left of what lies below.
            root = TileTree.FoldEdge(edge, root);
        }

        return root ?? MerkleHash.Empty;
    }

    private static byte[] GetBytes(List<MerkleHash> hashes)
    {
        var bytes = new byte[hashes.Count * MerkleHash.Length];
        for (var i = 0; i < hashes.Count; i++)
        {
            hashes[i].Read().CopyTo(bytes.AsSpan(i * MerkleHash.Length));
        }

        return bytes;
    }

    private void LoadProgress()
    {
        Forget();
        try
        {
            if (files.TryReadAll(ProgressPath) is not { } bytes || JsonNode.Parse(bytes) is not JsonObject node)
            {
                return;
            }

            var size = (long)node["size"]!;
            var position = new LogPosition((int)node["segment"]!, (long)node["offset"]!, (long)node["line"]!);
            for (var (level, at) = (1, size / TilePath.Width); at > 0; level++, at /= TilePath.Width)
            {
                var width = (int)(at % TilePath.Width);
                if (width > 0)
                {
                    Edge(level).AddRange(TileTree.Parse(files.TryReadAll(Path.Combine(folder.Tiles, TilePath.GetHashes(level, at / TilePath.Width, width))), width));
                }
            }

            (fullSize, fullPosition) = (size, position);
        }
        catch (Exception exception) when (exception is JsonException or FormatException or InvalidOperationException or NullReferenceException)
        {
            Forget();
        }
    }

    private void SaveProgress()
    {
        var node = new JsonObject { ["size"] = fullSize, ["segment"] = fullPosition.Segment, ["offset"] = fullPosition.Offset, ["line"] = fullPosition.Line };
        files.Replace(ProgressPath, Encoding.UTF8.GetBytes(node.ToJsonString()), durable: false);
    }

    private void Forget()
    {
        edges.Clear();
        fullSize = 0;
        fullPosition = default;
    }

    private SignedNote? ReadCheckpoint() =>
        files.TryReadAll(folder.Checkpoint) is { } bytes ? SignedNote.TryParse(Encoding.UTF8.GetString(bytes)) : null;
}
