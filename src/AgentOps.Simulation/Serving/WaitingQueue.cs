namespace AgentOps.Simulation.Serving;

/// <summary>Requests that wait, in the order of the scheduler: a ring for first come, a binary heap otherwise.</summary>
internal sealed class WaitingQueue
{
    private readonly bool _ordered;
    private int[] _items = new int[64];
    private (long Key, long Order)[] _keys = [];
    private int _start;
    private long _sequence;

    public WaitingQueue(QueueOrder order)
    {
        _ordered = order != QueueOrder.FirstCome;
        if (_ordered)
        {
            _keys = new (long, long)[_items.Length];
        }
    }

    public int Count { get; private set; }

    public int Peek() => _items[_start];

    /// <summary>Adds a request behind those of its key.</summary>
    public void Add(int request, long key)
    {
        Grow();
        if (_ordered)
        {
            Sift(request, (key, _sequence++));
            return;
        }

        _items[(_start + Count) & (_items.Length - 1)] = request;
        Count++;
    }

    /// <summary>Adds a request before those of its key: one that was preempted.</summary>
    public void AddFront(int request, long key)
    {
        Grow();
        if (_ordered)
        {
            Sift(request, (key, -_sequence++));
            return;
        }

        _start = (_start - 1) & (_items.Length - 1);
        _items[_start] = request;
        Count++;
    }

    public int Take()
    {
        var taken = _items[_start];
        Count--;
        if (!_ordered)
        {
            _start = (_start + 1) & (_items.Length - 1);
            return taken;
        }

        var moved = _items[Count];
        var key = _keys[Count];
        var hole = 0;
        while (true)
        {
            var child = (2 * hole) + 1;
            if (child >= Count)
            {
                break;
            }

            if (child + 1 < Count && _keys[child + 1].CompareTo(_keys[child]) < 0)
            {
                child++;
            }

            if (_keys[child].CompareTo(key) >= 0)
            {
                break;
            }

            _items[hole] = _items[child];
            _keys[hole] = _keys[child];
            hole = child;
        }

        _items[hole] = moved;
        _keys[hole] = key;
        return taken;
    }

    /// <summary>Takes out a request wherever it stands; the others keep their order. False where it does not wait.</summary>
    public bool Remove(int request)
    {
        var waiting = Count;
        if (_ordered)
        {
            var items = _items[..waiting];
            var keys = _keys[..waiting];
            Count = 0;
            for (var i = 0; i < waiting; i++)
            {
                if (items[i] != request)
                {
                    Sift(items[i], keys[i]);
                }
            }

            return Count < waiting;
        }

        for (var left = waiting; left > 0; left--)
        {
            var next = Take();
            if (next != request)
            {
                _items[(_start + Count) & (_items.Length - 1)] = next;
                Count++;
            }
        }

        return Count < waiting;
    }

    private void Sift(int request, (long Key, long Order) key)
    {
        var hole = Count++;
        while (hole > 0)
        {
            var parent = (hole - 1) / 2;
            if (_keys[parent].CompareTo(key) <= 0)
            {
                break;
            }

            _items[hole] = _items[parent];
            _keys[hole] = _keys[parent];
            hole = parent;
        }

        _items[hole] = request;
        _keys[hole] = key;
    }

    private void Grow()
    {
        if (Count < _items.Length)
        {
            return;
        }

        var larger = new int[_items.Length * 2];
        for (var i = 0; i < Count; i++)
        {
            larger[i] = _items[(_start + i) & (_items.Length - 1)];
        }

        _items = larger;
        _start = 0;
        if (_ordered)
        {
            Array.Resize(ref _keys, larger.Length);
        }
    }
}
