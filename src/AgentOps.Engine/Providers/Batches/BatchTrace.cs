namespace AgentOps.Engine.Providers;

/// <summary>What a batch can be found by at a provider that may have taken it.</summary>
/// <param name="Name">Our name of it, as it was submitted.</param>
/// <param name="Count">Its requests.</param>
/// <param name="Submitted">When it was handed over, by our clock.</param>
/// <param name="Known">The provider's ids of other batches of ours, which it can't be.</param>
public sealed record BatchTrace(string Name, int Count, DateTimeOffset Submitted, IReadOnlySet<string> Known)
{
    /// <summary>Older batches can't be this one, however the clocks differ.</summary>
    public DateTimeOffset Earliest => Submitted - TimeSpan.FromHours(1);

    /// <summary>Younger batches can't be this one.</summary>
    public DateTimeOffset Latest => Submitted + TimeSpan.FromDays(1);
}
