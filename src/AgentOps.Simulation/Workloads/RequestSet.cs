namespace AgentOps.Simulation.Workloads;

/// <summary>The requests of a simulation, as parallel arrays in order of arrival.</summary>
public sealed class RequestSet
{
    /// <summary>Makes a set.</summary>
    /// <param name="arrivals">Picoseconds from the start, ascending.</param>
    /// <param name="promptTokens">Tokens of each prompt, at least 1.</param>
    /// <param name="outputTokens">Tokens of each answer, at least 1.</param>
    public RequestSet(long[] arrivals, int[] promptTokens, int[] outputTokens)
    {
        if (arrivals.Length != promptTokens.Length || arrivals.Length != outputTokens.Length)
        {
            throw new ArgumentException("Arrivals, prompts and outputs must be equally many.", nameof(arrivals));
        }

        Arrivals = arrivals;
        PromptTokens = promptTokens;
        OutputTokens = outputTokens;
    }

    /// <summary>How many.</summary>
    public int Count => Arrivals.Length;

    /// <summary>Picoseconds from the start, ascending; of follow-up turns, the pause after the turn before.</summary>
    public long[] Arrivals { get; }

    /// <summary>Tokens of each prompt.</summary>
    public int[] PromptTokens { get; }

    /// <summary>Tokens of each answer.</summary>
    public int[] OutputTokens { get; }

    /// <summary>The shared beginnings, null without any.</summary>
    public PrefixTree? Prefixes { get; init; }

    /// <summary>The last node of each prompt, or −1; null without shared beginnings.</summary>
    public int[]? PrefixLeaves { get; init; }

    /// <summary>The node that holds a finished request's whole context for its next turn, or −1; null in single-turn loads.</summary>
    public int[]? ContextNodes { get; init; }

    /// <summary>The request that follows when one ends, or −1; null where every arrival stands by itself.</summary>
    public int[]? Followers { get; init; }

    /// <summary>Requests that arrive by themselves and not as followers: the first so many.</summary>
    public int Independent { get; init; } = -1;

    /// <summary>Priority of each, larger first; null where all are equal.</summary>
    public int[]? Priorities { get; init; }

    /// <summary>Stage of the load that each belongs to; null where there is one.</summary>
    public byte[]? Stages { get; init; }
}
