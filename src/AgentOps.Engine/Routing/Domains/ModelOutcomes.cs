using System.Collections.Immutable;

namespace AgentOps.Engine.Routing;

/// <summary>How the sessions of one model ended, by what they were about.</summary>
public sealed record ModelOutcomes
{
    /// <summary>No session.</summary>
    public static ModelOutcomes None { get; } = new();

    /// <summary>The domains in which there was a session.</summary>
    public ImmutableSortedDictionary<PromptDomain, OutcomeCount> Domains { get; private init; } = ImmutableSortedDictionary<PromptDomain, OutcomeCount>.Empty;

    /// <summary>All sessions.</summary>
    public OutcomeCount Total { get; private init; }

    /// <summary>The sessions of one domain.</summary>
    public OutcomeCount In(PromptDomain domain) => Domains.GetValueOrDefault(domain);

    /// <summary>One session more.</summary>
    public ModelOutcomes With(PromptDomain domain, bool isCompleted) =>
        With(domain, new OutcomeCount(isCompleted ? 1 : 0, 1));

    /// <summary>Further sessions.</summary>
    public ModelOutcomes With(PromptDomain domain, OutcomeCount more) => new()
    {
        Domains = Domains.SetItem(domain, new OutcomeCount(In(domain).Completed + more.Completed, In(domain).Ended + more.Ended)),
        Total = new OutcomeCount(Total.Completed + more.Completed, Total.Ended + more.Ended),
    };
}
