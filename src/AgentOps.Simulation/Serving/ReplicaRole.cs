namespace AgentOps.Simulation.Serving;

/// <summary>What a replica does in a disaggregated deployment.</summary>
public enum ReplicaRole
{
    /// <summary>Prompts and answers.</summary>
    Both,

    /// <summary>Prompts and each answer's first token; the KV cache then moves on.</summary>
    Prefill,

    /// <summary>Answers, from KV caches that come over the link.</summary>
    Decode,
}
