namespace AgentOps.Simulation;

/// <summary>A scenario can't be simulated as given: what was wrong, where, and what to do.</summary>
public sealed class SimulationInputException : Exception
{
    /// <summary>Makes the error.</summary>
    /// <param name="target">The option, field or file place that is wrong, for example <c>workload.rate</c>.</param>
    /// <param name="message">What is wrong with it.</param>
    /// <param name="mend">What to do next.</param>
    public SimulationInputException(string target, string message, string mend)
        : base(message)
    {
        Target = target;
        Mend = mend;
    }

    /// <summary>The option, field or file place that is wrong.</summary>
    public string Target { get; }

    /// <summary>What to do next.</summary>
    public string Mend { get; }
}
