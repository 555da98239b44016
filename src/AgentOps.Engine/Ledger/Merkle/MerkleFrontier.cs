namespace AgentOps.Engine.Ledger;

/// <summary>
/// The right edge of a Merkle tree: one root for each perfect subtree, largest first, which is all that
/// appending a leaf and computing the root need (64 hashes at most).
/// </summary>
internal sealed class MerkleFrontier
{
    private readonly MerkleHash[] subtrees = new MerkleHash[64];
    private int count;

    /// <summary>How many leaves the tree has.</summary>
    public long Size { get; private set; }

    /// <summary>The root: of the subtrees, folded from the right.</summary>
    public MerkleHash Root
    {
        get
        {
            if (count == 0)
            {
                return MerkleHash.Empty;
            }

            var root = subtrees[count - 1];
            for (var i = count - 2; i >= 0; i--)
            {
                root = MerkleHash.Node(subtrees[i], root);
            }

            return root;
        }
    }

    /// <summary>The roots of the perfect subtrees, largest first.</summary>
    public ReadOnlySpan<MerkleHash> Subtrees => subtrees.AsSpan(0, count);

    /// <summary>Appends the hash of a leaf.</summary>
    public void Append(in MerkleHash leaf)
    {
        var node = leaf;
        for (var size = Size; (size & 1) == 1; size >>= 1)
        {
            node = MerkleHash.Node(subtrees[--count], node);
        }

        subtrees[count++] = node;
        Size++;
    }

    /// <summary>Makes this a copy of another one.</summary>
    public void CopyFrom(MerkleFrontier other)
    {
        other.subtrees.AsSpan(0, other.count).CopyTo(subtrees);
        count = other.count;
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

        hashes.CopyTo(subtrees);
        count = hashes.Length;
        Size = size;
    }
}
