namespace AgentOps.Engine.Benchmarks.Endpoints;

/// <summary>The prompts of a benchmark that was given none: short questions with long answers.</summary>
public static class StandardPrompts
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        "Explain how a database recovers after a power failure. Use roughly 200 words.",
        "Explain to a new administrator what a certificate chain is. Use roughly 200 words.",
        "Write a checklist for taking a server out of service. Use roughly 200 words.",
        "Compare backing up to tape with backing up to object storage. Use roughly 200 words.",
        "Describe how a packet travels from a laptop to a web server. Use roughly 200 words.",
        "Describe how a scheduler shares one processor among many threads. Use roughly 200 words.",
        "Draft a note to users about planned maintenance on Sunday. Use roughly 200 words.",
        "Explain why two clocks on two machines disagree, and what helps. Use roughly 200 words.",
        "Outline a plan to find out why a service became slow. Use roughly 200 words.",
        "Summarize what a load balancer does and what it can't do. Use roughly 200 words.",
    ];
}
