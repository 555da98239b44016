namespace AgentOps.Engine.Ledger;

/// <summary>
/// The right edge of a Merkle tree: one root for each perfect subtree, largest first, which is all that
/// appending a leaf and computing the root need (64 hashes at most).
/// </summary>
internal sealed class MerkleFrontier
{
    private readonly MerkleHash[] _subtrees = new MerkleHash[64];
    private int _count;

    /// <summary>How many leaves the tree has.</summary>
    public long Size { get; private set; }

    /// <summary>The root: of the subtrees, folded from the right.</summary>
    public MerkleHash Root
    {
        get
        {
            if (_count == 0)
            {
                return MerkleHash.Empty;
            }

            var root = _subtrees[_count - 1];
            for (var i = _count - 2; i >= 0; i--)
            {
                root = MerkleHash.Node(_subtrees[i], root);
            }

            return root;
        }
    }

    /// <summary>The roots of the perfect subtrees, largest first.</summary>
    public ReadOnlySpan<MerkleHash> Subtrees => _subtrees.AsSpan(0, _count);

    /// <summary>Appends the hash of a leaf.</summary>
    public void Append(in MerkleHash leaf)
    {
        var node = leaf;
        for (var size = Size; (size & 1) == 1; size >>= 1)
        {
            node = MerkleHash.Node(_subtrees[--_count], node);
        }

        _subtrees[_count++] = node;
        Size++;
    }

    /// <summary>Makes this a copy of another one.</summary>
    public void CopyFrom(MerkleFrontier other)
    {
        other._subtrees.AsSpan(0, other._count).CopyTo(_subtrees);
        _count = other._count;
        Size = other.Size;
    }

    /// <summary>Restores a frontier from its subtrees.</summary>
    /// <exception cref="FormatException">The number of subtrees does not fit the size.</exception>
    public void Restore(long size, ReadOnlySpan<MerkleHash> hashes)
    {
        if (hashes.Length != System.Numerics.BitOperations.PopCount((ulong)size))
        {
            throw new FormatException("The number of subtrees does not fit the size of the tree.");
        }

        hashes.CopyTo(_subtrees);
        _count = hashes.Length;
        Size = size;
    }
}
