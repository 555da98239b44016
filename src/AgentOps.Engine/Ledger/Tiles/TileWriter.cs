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
    private readonly List<List<MerkleHash>> _edges = [];
    private readonly ByteBuffer _bundle = new();
    private LogPosition _fullPosition;
    private long _fullSize;

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
        if (_fullSize > commit.Size || !WriteFrom(commit, end, cancellationToken))
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
        var (size, count) = (_fullSize, 0);
        _bundle.Cut(0);
        foreach (var line in new LogLines(folder, files).Read(_fullPosition, end))
        {
            if (!line.IsRecord)
            {
                continue;
            }

            BinaryPrimitives.WriteUInt16BigEndian(_bundle.GetSpan(2), (ushort)line.Bytes.Length);
            _bundle.Advance(2);
            System.Buffers.BuffersExtensions.Write(_bundle, line.Bytes.Span);
            Edge(0).Add(MerkleHash.Leaf(line.Bytes.Span));
            size++;
            if (++count == TilePath.Width)
            {
                cancellationToken.ThrowIfCancellationRequested();
                WriteFull(size);
                _fullPosition = line.After;
                _fullSize = size;
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
        WriteTile(TilePath.GetEntries((size / TilePath.Width) - 1, TilePath.Width), _bundle.Span);
        _bundle.Cut(0);
        for (var (level, at) = (0, size); Edge(level).Count == TilePath.Width; level++)
        {
            var index = (at / TilePath.Width) - 1;
            at /= TilePath.Width;
            WriteTile(TilePath.GetHashes(level, index, TilePath.Width), GetBytes(Edge(level)));
            Edge(level + 1).Add(TileTree.Fold(_edges[level]));
            _edges[level].Clear();
        }
    }

    private void WritePartial(long size)
    {
        for (var (level, at) = (0, size); level < _edges.Count; level++, at /= TilePath.Width)
        {
            var width = _edges[level].Count;
            if (width > 0)
            {
                WriteTile(TilePath.GetHashes(level, at / TilePath.Width, width), GetBytes(_edges[level]));
            }
        }

        if (size % TilePath.Width is var entries and > 0)
        {
            WriteTile(TilePath.GetEntries(size / TilePath.Width, (int)entries), _bundle.Span);
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
        while (_edges.Count <= level)
        {
            _edges.Add(new List<MerkleHash>(TilePath.Width));
        }

        return _edges[level];
    }

    private MerkleHash GetRoot()
    {
        MerkleHash? root = null;
        foreach (var edge in _edges)
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

            (_fullSize, _fullPosition) = (size, position);
        }
        catch (Exception exception) when (exception is JsonException or FormatException or InvalidOperationException or NullReferenceException)
        {
            Forget();
        }
    }

    private void SaveProgress()
    {
        var node = new JsonObject { ["size"] = _fullSize, ["segment"] = _fullPosition.Segment, ["offset"] = _fullPosition.Offset, ["line"] = _fullPosition.Line };
        files.Replace(ProgressPath, Encoding.UTF8.GetBytes(node.ToJsonString()), durable: false);
    }

    private void Forget()
    {
        _edges.Clear();
        _fullSize = 0;
        _fullPosition = default;
    }

    private SignedNote? ReadCheckpoint() =>
        files.TryReadAll(folder.Checkpoint) is { } bytes ? SignedNote.TryParse(Encoding.UTF8.GetString(bytes)) : null;
}
