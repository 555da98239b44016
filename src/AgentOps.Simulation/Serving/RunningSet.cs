namespace AgentOps.Simulation.Serving;

/// <summary>
/// The sequences that decode. Kept as sums and histograms that move with a step counter, so that any number of steps costs
/// the same; the exact mode recounts everything a sequence at a time instead.
/// </summary>
internal sealed partial class RunningSet
{
    private const int SlotBits = 16;
    private const int SlotMask = (1 << SlotBits) - 1;

    private readonly int _blockSize;
    private readonly int _window;
    private readonly long _emission;
    private readonly Slot[] _slots;
    private readonly int[] _free;
    private readonly int[] _phases;
    private readonly long[] _heap;
    private int _freeCount;
    private int _heapCount;
    private long _step;
    private long _admissions;
    private long _context;
    private long _windowed;

    public RunningSet(int capacity, int blockSize, int window, SchedulerOptions options)
    {
        _blockSize = blockSize;
        _window = window;
        _emission = Emission(options);
        _slots = new Slot[capacity];
        _free = new int[capacity];
        _phases = new int[blockSize];
        // A slot has one key at a time, and stale ones of preempted slots are cleared at once.
        _heap = new long[capacity + 1];
        _freeCount = capacity;
        for (var i = 0; i < capacity; i++)
        {
            _free[i] = capacity - 1 - i;
        }
    }

    public int Count { get; private set; }

    /// <summary>Sequences whose window is not full yet, so that windowed layers still read more each step.</summary>
    public int Growing { get; private set; }

    /// <summary>Steps until a sequence ends or its window is full; at least 1.</summary>
    public long StepsToEvent => (_heap[0] >> SlotBits) - _step;

    public int Request(int slot) => _slots[slot].Request;

    public int Context(int slot) => _slots[slot].Context + (int)Emitted(_step - _slots[slot].Entered);

    public int Generated(int slot) => _slots[slot].Generated + (int)Emitted(_step - _slots[slot].Entered);

    public void Add(int request, int context, int generated, int output)
    {
        var slot = _free[--_freeCount];
        var steps = StepsFor(output - generated);
        _slots[slot] = new Slot
        {
            Request = request,
            Context = context,
            Generated = generated,
            Entered = _step,
            Ends = _step + steps,
            Final = context + output - generated,
            Admission = ++_admissions,
            Blocks = (context + _blockSize - 1) / _blockSize,
        };
        Count++;
        _context += context;
        _phases[Phase(context)]++;
        var due = _step + steps;
        if (_window > 0)
        {
            _windowed += Math.Min(context, _window);
            if (context < _window)
            {
                Growing++;
                _slots[slot].Growing = true;
                due = Math.Min(due, _step + (_window - context));
            }
        }

        Push((due << SlotBits) | (uint)slot);
    }

    public void Remove(int slot)
    {
        RemoveKey(slot);
        Forget(slot, Context(slot));
    }

    /// <summary>The sequence that was admitted last.</summary>
    public int LastAdmitted()
    {
        var last = -1;
        for (var slot = 0; slot < _slots.Length; slot++)
        {
            if (_slots[slot].Admission > 0 && (last < 0 || _slots[slot].Admission > _slots[last].Admission))
            {
                last = slot;
            }
        }

        return last;
    }

    /// <summary>KV tokens that the next step reads in full and in windowed layers.</summary>
    public (long Context, long Windowed) Attended(bool exact)
    {
        if (!exact)
        {
            return (_context, _windowed);
        }

        long context = 0;
        long windowed = 0;
        for (var slot = 0; slot < _slots.Length; slot++)
        {
            if (_slots[slot].Admission > 0)
            {
                var here = Context(slot);
                context += here;
                windowed += Math.Min(here, _window);
            }
        }

        return (context, windowed);
    }

    /// <summary>Blocks that the next step needs for the tokens it writes.</summary>
    public long BlocksForStep(bool exact)
    {
        if (!exact)
        {
            return _phases[PhaseDue(0)];
        }

        long blocks = 0;
        for (var slot = 0; slot < _slots.Length; slot++)
        {
            if (_slots[slot].Admission > 0)
            {
                blocks += BlocksAfterStep(slot) - _slots[slot].Blocks;
            }
        }

        return blocks;
    }

    /// <summary>Records, in exact mode, that the next step's blocks were taken.</summary>
    public void MarkReserved()
    {
        for (var slot = 0; slot < _slots.Length; slot++)
        {
            if (_slots[slot].Admission > 0)
            {
                _slots[slot].Blocks = BlocksAfterStep(slot);
            }
        }
    }

    /// <summary>Blocks that the next so many steps need.</summary>
    public long BlocksFor(long steps)
    {
        var blocks = steps / _blockSize * Count;
        for (var i = 0; i < steps % _blockSize; i++)
        {
            blocks += _phases[PhaseDue(i)];
        }

        return blocks;
    }

    /// <summary>The largest number of steps whose blocks are there; at least 1, since the next step's are.</summary>
    public long StepsWithin(long free)
    {
        var steps = free / Count * _blockSize;
        if (steps >= StepsToEvent)
        {
            return steps;
        }

        var left = free % Count;
        for (var i = 0; i < _blockSize; i++)
        {
            left -= _phases[PhaseDue(i)];
            if (left < 0)
            {
                break;
            }

            steps++;
        }

        return Math.Max(1, steps);
    }

    public void Step(long steps)
    {
        _step += steps;
        _context += steps * Count;
        _windowed += steps * Growing;
    }

    /// <summary>Takes a sequence that has ended by now.</summary>
    public bool TryTakeFinished(bool exact, out int request, out int context)
    {
        while (!exact && _heapCount > 0 && _heap[0] >> SlotBits <= _step)
        {
            var slot = (int)(_heap[0] & SlotMask);
            Pop();
            if (_slots[slot].Ends <= _step)
            {
                return Finish(slot, out request, out context);
            }

            // Its window is full from now on.
            Growing--;
            _slots[slot].Growing = false;
            Push((_slots[slot].Ends << SlotBits) | (uint)slot);
        }

        if (exact)
        {
            for (var slot = 0; slot < _slots.Length; slot++)
            {
                if (_slots[slot].Admission > 0 && _slots[slot].Ends <= _step)
                {
                    RemoveKey(slot);
                    return Finish(slot, out request, out context);
                }
            }
        }

        request = -1;
        context = 0;
        return false;
    }

    // Answer tokens a step in 1/65536: 1, or with speculation (1 − a^(k+1)) / (1 − a) (Leviathan, Kalman and Matias, 2023).
    private static long Emission(SchedulerOptions options)
    {
        var expected = 1.0;
        var chance = 1.0;
        for (var token = 0; token < options.SpeculativeTokens; token++)
        {
            chance *= options.AcceptanceRate;
            expected += chance;
        }

        return (long)(expected * 65536);
    }

    private long Emitted(long steps) => (steps * _emission) >> 16;

    private long StepsFor(int tokens) => _emission == 65536 ? tokens : (((long)tokens << 16) + _emission - 1) / _emission;

    private int BlocksAfterStep(int slot)
    {
        var after = Math.Min(_slots[slot].Context + (int)Emitted(_step + 1 - _slots[slot].Entered), _slots[slot].Final);
        return Math.Max(_slots[slot].Blocks, (after + _blockSize - 1) / _blockSize);
    }

    private bool Finish(int slot, out int request, out int context)
    {
        request = _slots[slot].Request;
        context = _slots[slot].Final;
        Forget(slot, context);
        return true;
    }

    private void Forget(int slot, int context)
    {
        _phases[Phase(context)]--;
        _context -= context;
        if (_window > 0)
        {
            _windowed -= Math.Min(context, _window);
            Growing -= _slots[slot].Growing ? 1 : 0;
        }

        _slots[slot] = default;
        _free[_freeCount++] = slot;
        Count--;
    }

    private int Phase(int context)
    {
        var phase = (int)((context - _step) % _blockSize);
        return phase < 0 ? phase + _blockSize : phase;
    }

    // The phase of the sequences that need a block in the step so many after the next.
    private int PhaseDue(int ahead)
    {
        var phase = (int)((_step + ahead) % _blockSize);
        return phase == 0 ? 0 : _blockSize - phase;
    }

    private void Push(long key)
    {
        var hole = _heapCount++;
        while (hole > 0)
        {
            var parent = (hole - 1) >> 1;
            if (_heap[parent] <= key)
            {
                break;
            }

            _heap[hole] = _heap[parent];
            hole = parent;
        }

        _heap[hole] = key;
    }

    private void Pop()
    {
        var key = _heap[--_heapCount];
        var hole = 0;
        while (true)
        {
            var child = (2 * hole) + 1;
            if (child >= _heapCount)
            {
                break;
            }

            if (child + 1 < _heapCount && _heap[child + 1] < _heap[child])
            {
                child++;
            }

            if (_heap[child] >= key)
            {
                break;
            }

            _heap[hole] = _heap[child];
            hole = child;
        }

        _heap[hole] = key;
    }

    private void RemoveKey(int slot)
    {
        var kept = 0;
        Span<long> keys = _heap.AsSpan(0, _heapCount);
        for (var i = 0; i < keys.Length; i++)
        {
            if ((keys[i] & SlotMask) != slot)
            {
                keys[kept++] = keys[i];
            }
        }

        // A sorted array is a heap; this is the rare path.
        keys[..kept].Sort();
        _heapCount = kept;
    }

    private struct Slot
    {
        public int Request;
        public int Context;
        public int Generated;
        public int Final;
        public int Blocks;
        public long Entered;
        public long Ends;
        public long Admission;
        public bool Growing;
    }
}
