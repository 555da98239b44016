namespace AgentOps.Simulation.Serving;

/// <summary>When requests may join a batch.</summary>
public enum BatchingKind
{
    /// <summary>At every step, as vLLM, SGLang and TensorRT-LLM do.</summary>
    Continuous,

    /// <summary>A batch forms when enough requests wait and runs to its end.</summary>
    Static,

    /// <summary>A batch forms when enough requests wait or the oldest has waited long enough, and runs to its end.</summary>
    Dynamic,
}
