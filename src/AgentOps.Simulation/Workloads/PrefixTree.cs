namespace AgentOps.Simulation.Workloads;

/// <summary>
/// Beginnings that prompts share, as a forest: a node is a stretch of tokens after its parent's. A request names the
/// last node of its prompt.
/// </summary>
public sealed class PrefixTree
{
    private readonly List<int> _parents = [];
    private readonly List<int> _ends = [];

    /// <summary>Nodes so far.</summary>
    public int Count => _parents.Count;

    /// <summary>Adds a stretch.</summary>
    /// <param name="parent">The node before it, or −1.</param>
    /// <param name="tokens">Its length, at least 1.</param>
    /// <returns>The new node.</returns>
    public int Add(int parent, int tokens)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(tokens, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(parent, Count);
        _parents.Add(parent);
        _ends.Add(tokens + (parent < 0 ? 0 : _ends[parent]));
        return Count - 1;
    }

    /// <summary>The node before a node, or −1.</summary>
    /// <param name="node">A node.</param>
    public int Parent(int node) => _parents[node];

    /// <summary>Tokens from the prompt's beginning to the node's end.</summary>
    /// <param name="node">A node, or −1 for 0.</param>
    public int End(int node) => node < 0 ? 0 : _ends[node];
}
