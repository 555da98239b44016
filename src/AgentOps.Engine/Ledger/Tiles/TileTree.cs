namespace AgentOps.Engine.Ledger;

/// <summary>The tree of a given size, read from its tiles.</summary>
internal sealed class TileTree(LedgerFolder folder, ILedgerFiles files, long size)
{
    private readonly Dictionary<(int Level, long Index), MerkleHash[]> _tiles = [];

    /// <summary>The hash of a perfect subtree: 2^level leaves from index × 2^level on.</summary>
    /// <exception cref="FormatException">A tile is missing or has another length.</exception>
    public MerkleHash GetNode(int level, long index)
    {
        var tileLevel = level / 8;
        var width = 1 << (level % 8);
        var start = index * width;
        var tile = GetTile(tileLevel, start / TilePath.Width);
        var offset = (int)(start % TilePath.Width);
        return Fold(tile.AsSpan(offset, width));
    }

    /// <summary>The root of a perfect subtree, whose leaves these are; their number is a power of two.</summary>
    public static MerkleHash Fold(List<MerkleHash> hashes) => Fold(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(hashes));

    /// <summary>The root over an edge of any width and what lies right of it.</summary>
    public static MerkleHash? FoldEdge(List<MerkleHash> edge, MerkleHash? right)
    {
        var hashes = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(edge);
        var root = right;
        for (var end = hashes.Length; end > 0;)
        {
            var width = end & -end;
            var subtree = Fold(hashes.Slice(end - width, width));
            root = root is { } known ? MerkleHash.Node(subtree, known) : subtree;
            end -= width;
        }

        return root;
    }

    /// <summary>Reads the hashes of a tile.</summary>
    /// <exception cref="FormatException">There are more or fewer.</exception>
    public static MerkleHash[] Parse(byte[]? bytes, int width)
    {
        if (bytes?.Length != width * MerkleHash.Length)
        {
            throw new FormatException("A tile is missing or has another length.");
        }

        var hashes = new MerkleHash[width];
        for (var i = 0; i < width; i++)
        {
            hashes[i] = MerkleHash.From(bytes.AsSpan(i * MerkleHash.Length));
        }

        return hashes;
    }

    private static MerkleHash Fold(ReadOnlySpan<MerkleHash> hashes) => hashes.Length == 1
        ? hashes[0]
        : MerkleHash.Node(Fold(hashes[..(hashes.Length / 2)]), Fold(hashes[(hashes.Length / 2)..]));

    private MerkleHash[] GetTile(int level, long index)
    {
        if (!_tiles.TryGetValue((level, index), out var tile))
        {
            var hashes = size >> (8 * level);
            var width = (int)Math.Min(TilePath.Width, hashes - (index * TilePath.Width));
            tile = Parse(
                files.TryReadAll(Path.Combine(folder.Tiles, TilePath.GetHashes(level, index, width)))
                    ?? files.TryReadAll(Path.Combine(folder.Tiles, TilePath.GetHashes(level, index, TilePath.Width)))?.AsSpan(0, width * MerkleHash.Length).ToArray(),
                width);
            _tiles.Add((level, index), tile);
        }

        return tile;
    }
}
