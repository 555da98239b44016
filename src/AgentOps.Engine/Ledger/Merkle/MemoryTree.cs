namespace AgentOps.Engine.Ledger;

/// <summary>A tree kept in memory with all its perfect subtrees: 64 bytes a leaf.</summary>
internal sealed class MemoryTree(long expected)
{
    private readonly List<List<MerkleHash>> levels = [new((int)Math.Min(expected, 1 << 24))];

    /// <summary>Adds the hash of a leaf.</summary>
    public void Add(in MerkleHash leaf)
    {
        levels[0].Add(leaf);
        for (var level = 0; levels[level].Count % 2 == 0; level++)
        {
            if (levels.Count == level + 1)
            {
                levels.Add([]);
            }

            levels[level + 1].Add(MerkleHash.Node(levels[level][^2], levels[level][^1]));
        }
    }

    /// <summary>The hash of a perfect subtree.</summary>
    public MerkleHash GetNode(int level, long index) => levels[level][(int)index];
}
