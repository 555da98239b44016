namespace AgentOps.Simulation.Serving;

/// <summary>Sums that a replica keeps while it runs.</summary>
internal sealed class ReplicaStatistics
{
    public long Steps;
    public long Jumps;
    public long BusyTime;
    public long PromptTime;
    public double BatchTime;
    public double BlockTime;
    public long PeakBlocks;
    public int PeakBatch;
    public long Preemptions;
    public long PromptTokens;
    public long CachedTokens;
    public long LoadedTokens;
    public long ComputedTokens;
    public long Completed;
}
