namespace AgentOps.Simulation.Serving;

/// <summary>
/// Copies of blocks in the host's memory. As in vLLM, a block is copied when it is computed, answers as well as beginnings, and
/// the least recently used goes first; so answers push the beginnings out.
/// </summary>
internal sealed class HostTier
{
    private readonly long _capacity;
    private readonly long[] _stamps;
    private readonly Queue<(int Node, int Blocks, long Stamp)> _order = new();
    private long _used;
    private long _clock;

    public HostTier(int nodes, long capacity)
    {
        _capacity = capacity;
        _stamps = new long[nodes];
    }

    /// <summary>Whether the whole node is there.</summary>
    public bool Holds(int node) => _stamps[node] > 0;

    /// <summary>Keeps a node that was computed or loaded just now.</summary>
    public void Keep(int node, int blocks)
    {
        if (blocks > _capacity)
        {
            return;
        }

        _used += _stamps[node] > 0 ? 0 : blocks;
        _stamps[node] = ++_clock;
        _order.Enqueue((node, blocks, _clock));
        Shrink();
    }

    /// <summary>Keeps blocks that no beginning names.</summary>
    public void KeepOthers(int blocks)
    {
        if (blocks > 0)
        {
            var kept = (int)Math.Min(blocks, _capacity);
            _used += kept;
            _order.Enqueue((-1, kept, 0));
            Shrink();
        }
    }

    private void Shrink()
    {
        while (_used > _capacity)
        {
            var (node, blocks, stamp) = _order.Dequeue();
            if (node < 0)
            {
                _used -= blocks;
            }
            else if (_stamps[node] == stamp)
            {
                // An older entry of a node that was used again is passed over.
                _stamps[node] = 0;
                _used -= blocks;
            }
        }
    }
}
