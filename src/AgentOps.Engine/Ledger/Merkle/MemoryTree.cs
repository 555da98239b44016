namespace AgentOps.Engine.Ledger;

/// <summary>A tree kept in memory with all its perfect subtrees: 64 bytes a leaf.</summary>
internal sealed class MemoryTree(long expected)
{
    private readonly List<List<MerkleHash>> _levels = [new((int)Math.Min(expected, 1 << 24))];

    /// <summary>Adds the hash of a leaf.</summary>
    public void Add(in MerkleHash leaf)
    {
        _levels[0].Add(leaf);
        for (var level = 0; _levels[level].Count % 2 == 0; level++)
        {
            if (_levels.Count == level + 1)
            {
                _levels.Add([]);
            }

            _levels[level + 1].Add(MerkleHash.Node(_levels[level][^2], _levels[level][^1]));
        }
    }

    /// <summary>The hash of a perfect subtree.</summary>
    public MerkleHash GetNode(int level, long index) => _levels[level][(int)index];
}
