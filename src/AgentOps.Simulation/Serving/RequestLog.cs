namespace AgentOps.Simulation.Serving;

/// <summary>What has become of each request; arrays, so that nothing is allocated for a request after the start.</summary>
internal sealed class RequestLog(int count)
{
    /// <summary>When it reached its scheduler, in picoseconds; the largest number while it has not.</summary>
    public long[] Arrived { get; } = new long[count];

    /// <summary>When it was first admitted; 0 while it waits.</summary>
    public long[] Admitted { get; } = new long[count];

    /// <summary>When its first token left the engine; 0 before.</summary>
    public long[] FirstToken { get; } = new long[count];

    /// <summary>When its last token left the engine; 0 before.</summary>
    public long[] Finished { get; } = new long[count];

    /// <summary>Answer tokens made so far by a request that waits after preemption.</summary>
    public int[] Generated { get; } = new int[count];

    /// <summary>Forgets a request, so that its place can be used for another.</summary>
    public void Forget(int request)
    {
        Arrived[request] = 0;
        Admitted[request] = 0;
        FirstToken[request] = 0;
        Finished[request] = 0;
        Generated[request] = 0;
    }
}
