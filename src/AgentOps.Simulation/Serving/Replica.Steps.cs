namespace AgentOps.Simulation.Serving;

/// <content>How the clock moves.</content>
internal sealed partial class Replica
{
    private int _batchOpen;

    private void StepWithPrompts()
    {
        var used = _pool.Total - _pool.Free;
        var (context, window) = _running.Attended(_exact);
        var duration = _cost.Step(
            _running.Count,
            _running.Count * _options.SpeculativeTokens,
            _chunkTokens,
            _computing,
            _chunkPairs,
            context + _chunkContext,
            window + _chunkWindow);
        duration = WithDraft(duration) + (long)(_loadedTokens * _hostSecondsPerToken * 1e12);
        Statistics.ComputedTokens += _chunkTokens + _running.Count;
        Statistics.PromptTime += duration - (_running.Count == 0 ? 0 : _cost.DecodeBase(_running.Count) + (context * _cost.KeyValuePicoseconds) + (window * _cost.WindowPicoseconds));
        Pass(1, duration, duration, _running.Count + _chunkSequences, used);
        _running.Step(1);
        EndFinished();
        StartDecoding();
    }

    // Sequences whose prompt is complete emit their first token and decode from now on.
    private void StartDecoding()
    {
        var kept = 0;
        for (var i = 0; i < _prefillCount; i++)
        {
            var request = _prefills[i];
            if (_prefillDone[i] < _prefillTarget[i])
            {
                _prefills[kept] = request;
                _prefillDone[kept] = _prefillDone[i];
                _prefillTarget[kept++] = _prefillTarget[i];
                continue;
            }

            if (_log.FirstToken[request] == 0)
            {
                _log.FirstToken[request] = Clock;
            }

            var generated = _log.Generated[request] + 1;
            if (generated < _requests.OutputTokens[request] && Role == ReplicaRole.Prefill)
            {
                _pool.Release(Leaf(request), _prefillTarget[i]);
                Completions.Add(request);
                continue;
            }

            if (generated >= _requests.OutputTokens[request])
            {
                End(request, _prefillTarget[i]);
                continue;
            }

            _running.Add(request, _prefillTarget[i], generated, _requests.OutputTokens[request]);
        }

        _prefillCount = kept;
        _batchOpen = _running.Count + _prefillCount;
    }

    private void Decode(long limit)
    {
        var (context, window) = _running.Attended(_exact);
        var sequences = _running.Count;
        var used = _pool.Total - _pool.Free;
        if (_exact)
        {
            var duration = _options.SpeculativeTokens > 0
                ? WithDraft(_cost.Step(sequences, sequences * _options.SpeculativeTokens, 0, 0, 0, context, window))
                : _cost.DecodeBase(sequences) + (context * _cost.KeyValuePicoseconds) + (window * _cost.WindowPicoseconds);
            Pass(1, duration, duration, sequences, used);
            Statistics.ComputedTokens += sequences;
            _running.Step(1);
            EndFinished();
            return;
        }

        // The j-th of the coming steps lasts first + j · growth, exactly.
        var first = _cost.DecodeBase(sequences) + (context * _cost.KeyValuePicoseconds) + (window * _cost.WindowPicoseconds);
        var growth = (sequences * _cost.KeyValuePicoseconds) + (_running.Growing * _cost.WindowPicoseconds);
        var steps = Math.Min(_running.StepsToEvent, _running.StepsWithin(_pool.Free + _reserved));
        if (_incomingCount > 0 || _preempted)
        {
            // Somebody whom this boundary could not see, or would not admit after a preemption, is looked at at the next one.
            steps = 1;
        }
        else if (steps > 1 && limit != long.MaxValue)
        {
            steps = Math.Min(steps, Progression.StepsToReach(first, growth, limit - Clock));
        }

        _pool.Allocate(_running.BlocksFor(steps) - _reserved);
        var total = Progression.Sum(first, growth, steps);
        Pass(steps, total, first + ((steps - 1) * growth), sequences, used);
        Statistics.ComputedTokens += steps * sequences;
        _running.Step(steps);
        EndFinished();
    }

    private long WithDraft(long duration) => _options.SpeculativeTokens == 0
        ? duration
        : duration + (long)(duration * _options.DraftCost * _options.SpeculativeTokens);

    private void Pass(long steps, long duration, long last, int batch, long usedBlocks)
    {
        Clock += duration;
        _previousStart = Clock - last;
        var statistics = Statistics;
        statistics.Steps += steps;
        statistics.Jumps++;
        statistics.BusyTime += duration;
        statistics.BatchTime += (double)batch * duration;
        statistics.BlockTime += (double)usedBlocks * duration;
        statistics.PeakBlocks = Math.Max(statistics.PeakBlocks, _pool.Total - _pool.Free);
        statistics.PeakBatch = Math.Max(statistics.PeakBatch, batch);
    }

    private void EndFinished()
    {
        while (_running.TryTakeFinished(_exact, out var request, out var context))
        {
            End(request, context);
        }

        _batchOpen = _running.Count + _prefillCount;
    }

    private void End(int request, int context)
    {
        _log.Finished[request] = Clock;
        _pool.Release(Leaf(request), context, _requests.ContextNodes is { } nodes ? nodes[request] : -1);
        Statistics.Completed++;
        if (KeepsCompletions)
        {
            Completions.Add(request);
        }
    }
}
