namespace AgentOps.Simulation.Serving;

/// <summary>Beginnings kept in the host's memory after the device lost them; the least recently evicted goes first.</summary>
internal sealed class HostTier
{
    private readonly long _capacity;
    private readonly bool[] _held;
    private readonly Queue<(int Node, int Blocks)> _order = new();
    private long _used;

    public HostTier(int nodes, long capacity)
    {
        _capacity = capacity;
        _held = new bool[nodes];
    }

    /// <summary>Whether the whole node is there.</summary>
    public bool Holds(int node) => _held[node];

    /// <summary>Keeps a node that the device begins to evict.</summary>
    public void Keep(int node, int blocks)
    {
        if (_held[node] || blocks > _capacity)
        {
            return;
        }

        while (_used + blocks > _capacity)
        {
            var (oldest, size) = _order.Dequeue();
            _held[oldest] = false;
            _used -= size;
        }

        _held[node] = true;
        _order.Enqueue((node, blocks));
        _used += blocks;
    }
}
