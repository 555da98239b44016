namespace AgentOps.Simulation.Serving;

/// <content>From a request to its place.</content>
internal sealed partial class RunningSet
{
    /// <summary>The slot of a request; −1 where it does not run.</summary>
    public int Find(int request)
    {
        for (var slot = 0; slot < _slots.Length; slot++)
        {
            if (_slots[slot].Admission > 0 && _slots[slot].Request == request)
            {
                return slot;
            }
        }

        return -1;
    }

    /// <summary>Writes the answer tokens of each sequence to its request's place.</summary>
    public void CopyGenerated(Span<int> byRequest)
    {
        for (var slot = 0; slot < _slots.Length; slot++)
        {
            if (_slots[slot].Admission > 0)
            {
                byRequest[_slots[slot].Request] = Generated(slot);
            }
        }
    }
}
