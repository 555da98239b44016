namespace AgentOps.Simulation.Serving;

/// <content>What goes into the next step.</content>
internal sealed partial class Replica
{
    private readonly RunningSet _running;

    // Sequences whose prompt is being computed, in order of admission.
    private int[] _prefills = new int[16];
    private int[] _prefillDone = new int[16];
    private int[] _prefillTarget = new int[16];
    private int _prefillCount;

    // The step being composed.
    private int _chunkTokens;
    private int _chunkSequences;
    private int _computing;
    private long _chunkContext;
    private long _chunkWindow;
    private double _chunkPairs;
    private long _loadedTokens;
    private long _reserved;
    private bool _preempted;

    private void Compose()
    {
        _chunkTokens = 0;
        _chunkSequences = 0;
        _computing = 0;
        _chunkContext = 0;
        _chunkWindow = 0;
        _chunkPairs = 0;
        _loadedTokens = 0;
        _preempted = ReserveDecode();
        var budget = _options.MaximumStepTokens - (_running.Count * (1 + _options.SpeculativeTokens));
        for (var i = 0; i < _prefillCount && budget > 0; i++)
        {
            budget -= Chunk(i, budget);
        }

        if (!_preempted)
        {
            Admit(budget);
        }
    }

    // Every running sequence needs a place for its next token; the last ones admitted give way (preemption by recompute).
    private bool ReserveDecode()
    {
        var preempted = false;
        long need;
        while ((need = _running.BlocksForStep(_exact)) > _pool.Free)
        {
            preempted = true;
            if (_prefillCount > 0)
            {
                DropLastPrefill();
                continue;
            }

            if (_running.Count <= 1)
            {
                throw new InvalidOperationException("One request alone outgrew the KV cache; it should have been refused at the door.");
            }

            Preempt(_running.LastAdmitted());
        }

        _pool.Allocate(need);
        _reserved = need;
        if (_exact)
        {
            _running.MarkReserved();
        }

        return preempted;
    }

    private void Preempt(int slot)
    {
        var request = _running.Request(slot);
        var context = _running.Context(slot);
        _log.Generated[request] = _running.Generated(slot);
        _running.Remove(slot);
        _pool.Release(Leaf(request), context);
        Statistics.Preemptions++;
        _ready.AddFront(request, QueueKey(request));
    }

    private void DropLastPrefill()
    {
        var last = --_prefillCount;
        var request = _prefills[last];
        _pool.Release(Leaf(request), _prefillTarget[last]);
        Statistics.Preemptions++;
        _ready.AddFront(request, QueueKey(request));
    }

    private void Admit(int budget)
    {
        if (_options.Batching != BatchingKind.Continuous && (_running.Count > 0 || _batchOpen > 0))
        {
            return;
        }

        var room = _options.Batching == BatchingKind.Continuous
            ? _options.MaximumSequences
            : Math.Min(_options.MaximumSequences, _options.BatchSize);
        while (_ready.Count > 0 && budget > 0 && _running.Count + _prefillCount < room)
        {
            var request = _ready.Peek();
            var target = _requests.PromptTokens[request] + _log.Generated[request];
            if (!_pool.TryAdmit(Leaf(request), target, out var cached, out var loaded))
            {
                return;
            }

            _ready.Take();
            if (_log.Admitted[request] == 0)
            {
                _log.Admitted[request] = Math.Max(1, Clock);
                Statistics.PromptTokens += target;
                Statistics.CachedTokens += cached;
                Statistics.LoadedTokens += loaded;
            }

            if (_prefillCount == _prefills.Length)
            {
                Array.Resize(ref _prefills, _prefillCount * 2);
                Array.Resize(ref _prefillDone, _prefillCount * 2);
                Array.Resize(ref _prefillTarget, _prefillCount * 2);
            }

            if (Role == ReplicaRole.Decode && _log.Generated[request] == 0)
            {
                // Its KV cache came over the link: it joins without computing anything.
                cached = target - loaded;
            }

            _loadedTokens += loaded;
            _prefills[_prefillCount] = request;
            _prefillDone[_prefillCount] = cached + loaded;
            _prefillTarget[_prefillCount] = target;
            budget -= Chunk(_prefillCount++, budget);
        }
    }

    // Adds as much of a prompt to the step as the budget allows.
    private int Chunk(int index, int budget)
    {
        var done = _prefillDone[index];
        var size = Math.Min(_prefillTarget[index] - done, budget);
        _prefillDone[index] = done + size;
        _chunkTokens += size;
        _chunkSequences++;
        if (size == 0)
        {
            return 0;
        }

        _computing++;
        _chunkContext += done + size;
        _chunkWindow += _cost.Window > 0 ? Math.Min(done + size, _cost.Window + size) : 0;
        _chunkPairs += (size * (double)done) + (size * (size + 1.0) / 2);
        return size;
    }

    private int Leaf(int request) => _requests.PrefixLeaves is { } leaves ? leaves[request] : -1;
}
