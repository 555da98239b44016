namespace AgentOps.Simulation.Serving;

/// <content>What a caller from outside needs: how far each answer is, and requests that leave before their end.</content>
internal sealed partial class Replica
{
    /// <summary>Writes the answer tokens that each request under way has at the boundary.</summary>
    /// <param name="byRequest">Receives them, by the request's number; others are left as they are.</param>
    public void CopyGenerated(Span<int> byRequest) => _running.CopyGenerated(byRequest);

    /// <summary>Takes out a request that waits or runs, with the blocks that it holds.</summary>
    /// <returns>False where it never came, or has ended.</returns>
    public bool Abandon(int request)
    {
        if (_running.Find(request) is >= 0 and var slot)
        {
            var context = _running.Context(slot);
            _running.Remove(slot);
            _pool.Release(Leaf(request), context);
            return true;
        }

        for (var i = 0; i < _prefillCount; i++)
        {
            if (_prefills[i] == request)
            {
                _pool.Release(Leaf(request), _prefillTarget[i]);
                _prefillCount--;
                Array.Copy(_prefills, i + 1, _prefills, i, _prefillCount - i);
                Array.Copy(_prefillDone, i + 1, _prefillDone, i, _prefillCount - i);
                Array.Copy(_prefillTarget, i + 1, _prefillTarget, i, _prefillCount - i);
                return true;
            }
        }

        return _ready.Remove(request) || RemoveIncoming(request);
    }

    private bool RemoveIncoming(int request)
    {
        var found = false;
        for (var left = _incomingCount; left > 0; left--)
        {
            var next = _incoming[_incomingStart];
            _incomingStart = (_incomingStart + 1) & (_incoming.Length - 1);
            _incomingCount--;
            if (next == request)
            {
                found = true;
                continue;
            }

            _incoming[(_incomingStart + _incomingCount) & (_incoming.Length - 1)] = next;
            _incomingCount++;
        }

        return found;
    }
}
