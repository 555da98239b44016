using AgentOps.Simulation.Workloads;

namespace AgentOps.Simulation.Serving;

/// <summary>
/// The paged KV cache of a replica (Kwon et al., 2023) with its prefix cache. As in vLLM, free blocks form one queue in the
/// order of their release; an allocation takes from its head, and a block that still holds a known beginning is lost to the
/// cache only then. A request's blocks are released last first, so that the common beginning outlives what follows it.
/// Blocks are kept as runs, a run per prefix node, never one by one.
/// </summary>
internal sealed class BlockPool
{
    private const int None = -1;
    private readonly int _blockSize;
    private readonly int[] _parents;
    private readonly int[] _nodeBlocks;
    private readonly int[] _resident;
    private readonly int[] _references;
    private readonly HostTier? _host;
    private int[] _path = new int[64];
    private int[] _next;
    private int[] _previous;
    private int[] _counts;
    private int _head = None;
    private int _tail = None;
    private int _spare = None;
    private int _entries;

    public BlockPool(long blocks, int blockSize, PrefixTree? tree, long hostBlocks)
    {
        Total = blocks;
        Free = blocks;
        _blockSize = blockSize;
        var nodes = tree?.Count ?? 0;
        _parents = new int[nodes];
        _nodeBlocks = new int[nodes];
        _resident = new int[nodes];
        _references = new int[nodes];
        for (var node = 0; node < nodes; node++)
        {
            _parents[node] = tree!.Parent(node);
            _nodeBlocks[node] = (tree.End(node) / blockSize) - (tree.End(_parents[node]) / blockSize);
        }

        _entries = nodes;
        _next = new int[nodes + 16];
        _previous = new int[nodes + 16];
        _counts = new int[nodes + 16];
        Tracks = nodes > 0;
        _host = Tracks && hostBlocks > 0 ? new HostTier(nodes, hostBlocks) : null;
        if (Tracks)
        {
            AppendAnonymous((int)Math.Min(blocks, int.MaxValue));
        }
    }

    /// <summary>All blocks.</summary>
    public long Total { get; }

    /// <summary>Blocks that no request holds, cached ones included.</summary>
    public long Free { get; private set; }

    /// <summary>Whether beginnings are tracked at all.</summary>
    public bool Tracks { get; }

    /// <summary>Takes the blocks of a prompt.</summary>
    /// <param name="leaf">The last node of its shared beginning, or −1.</param>
    /// <param name="tokens">Tokens that need a place.</param>
    /// <param name="cached">Tokens found in the device's cache.</param>
    /// <param name="loaded">Tokens found in the host's memory, to be copied.</param>
    /// <returns>False, with nothing taken, where the blocks don't suffice.</returns>
    public bool TryAdmit(int leaf, int tokens, out int cached, out int loaded)
    {
        cached = 0;
        loaded = 0;
        long need = Blocks(tokens);
        if (leaf < 0 || !Tracks)
        {
            if (need > Free)
            {
                return false;
            }

            Allocate(need);
            return true;
        }

        var depth = Path(leaf);
        var hitBlocks = 0;
        var hostBlocks = 0;
        var unbroken = true;
        long held = 0;
        long queued = 0;
        for (var i = depth - 1; i >= 0; i--)
        {
            var node = _path[i];
            held += _nodeBlocks[node];
            queued += _references[node] > 0 ? 0 : _resident[node];
            need -= _resident[node];
            if (unbroken)
            {
                var here = hostBlocks > 0 ? 0 : _resident[node];
                hitBlocks += here;
                unbroken = here == _nodeBlocks[node];
                if (!unbroken && _host is not null && _host.Holds(node))
                {
                    hostBlocks += _nodeBlocks[node] - here;
                    unbroken = true;
                }
            }
        }

        if (need > Free - queued)
        {
            return false;
        }

        for (var i = depth - 1; i >= 0; i--)
        {
            var node = _path[i];
            if (_references[node]++ == 0 && _resident[node] > 0)
            {
                Unlink(node);
                Free -= _resident[node];
            }
        }

        Allocate(need);
        for (var i = depth - 1; i >= 0; i--)
        {
            _resident[_path[i]] = _nodeBlocks[_path[i]];
            _host?.Keep(_path[i], _nodeBlocks[_path[i]]);
        }

        // The last token is always computed: its output is what the first answer token is sampled from.
        var limit = (tokens - 1) / _blockSize * _blockSize;
        cached = Math.Min(hitBlocks * _blockSize, limit);
        loaded = Math.Min(hostBlocks * _blockSize, limit - cached);
        return true;
    }

    /// <summary>Takes blocks from the head of the queue. There must be enough.</summary>
    public void Allocate(long blocks)
    {
        Free -= blocks;
        if (!Tracks)
        {
            return;
        }

        while (blocks > 0)
        {
            var entry = _head;
            var taken = (int)Math.Min(blocks, _counts[entry]);
            blocks -= taken;
            _counts[entry] -= taken;
            if (entry < _parents.Length)
            {
                _resident[entry] -= taken;
            }

            if (_counts[entry] == 0)
            {
                Unlink(entry);
            }
        }
    }

    /// <summary>Gives back what a request held.</summary>
    /// <param name="leaf">The last node of its shared beginning, or −1.</param>
    /// <param name="tokens">Tokens it held.</param>
    /// <param name="context">A node under <paramref name="leaf"/> that names its whole context for a later turn, or −1.</param>
    public void Release(int leaf, int tokens, int context = None)
    {
        var held = Blocks(tokens);
        if (!Tracks)
        {
            Free += held;
            return;
        }

        var depth = leaf < 0 ? 0 : Path(leaf);
        var own = held;
        for (var i = 0; i < depth; i++)
        {
            own -= _nodeBlocks[_path[i]];
        }

        var kept = 0;
        if (context >= 0 && _references[context] == 0 && _resident[context] == 0 && _nodeBlocks[context] <= own)
        {
            kept = _nodeBlocks[context];
        }

        AppendAnonymous(own - kept);
        _host?.KeepOthers(own - kept);
        if (kept > 0)
        {
            _resident[context] = kept;
            _host?.Keep(context, kept);
            AppendNode(context);
        }

        Free += own;
        for (var i = 0; i < depth; i++)
        {
            var node = _path[i];
            if (--_references[node] == 0 && _resident[node] > 0)
            {
                AppendNode(node);
                Free += _resident[node];
            }
        }
    }

    /// <summary>Full tokens of a beginning that are cached now.</summary>
    public int CachedTokens(int leaf)
    {
        var blocks = 0;
        if (leaf >= 0 && Tracks)
        {
            for (var i = Path(leaf) - 1; i >= 0; i--)
            {
                blocks += _resident[_path[i]];
                if (_resident[_path[i]] < _nodeBlocks[_path[i]])
                {
                    break;
                }
            }
        }

        return blocks * _blockSize;
    }

    private int Blocks(int tokens) => (tokens + _blockSize - 1) / _blockSize;

    private int Path(int leaf)
    {
        var depth = 0;
        for (var node = leaf; node >= 0; node = _parents[node])
        {
            if (depth == _path.Length)
            {
                Array.Resize(ref _path, depth * 2);
            }

            _path[depth++] = node;
        }

        return depth;
    }

    private void AppendAnonymous(int count)
    {
        if (count == 0)
        {
            return;
        }

        if (_tail >= _parents.Length)
        {
            _counts[_tail] += count;
            return;
        }

        var entry = _spare;
        if (entry != None)
        {
            _spare = _next[entry];
        }
        else
        {
            entry = _entries++;
            if (entry == _next.Length)
            {
                Array.Resize(ref _next, entry * 2);
                Array.Resize(ref _previous, entry * 2);
                Array.Resize(ref _counts, entry * 2);
            }
        }

        _counts[entry] = count;
        Link(entry);
    }

    private void AppendNode(int node)
    {
        _counts[node] = _resident[node];
        Link(node);
    }

    private void Link(int entry)
    {
        _next[entry] = None;
        _previous[entry] = _tail;
        if (_tail != None)
        {
            _next[_tail] = entry;
        }
        else
        {
            _head = entry;
        }

        _tail = entry;
    }

    private void Unlink(int entry)
    {
        var before = _previous[entry];
        var after = _next[entry];
        if (before != None)
        {
            _next[before] = after;
        }
        else
        {
            _head = after;
        }

        if (after != None)
        {
            _previous[after] = before;
        }
        else
        {
            _tail = before;
        }

        if (entry >= _parents.Length)
        {
            _next[entry] = _spare;
            _spare = entry;
        }
    }
}
