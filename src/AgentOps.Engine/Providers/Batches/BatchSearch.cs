namespace AgentOps.Engine.Providers;

/// <summary>What a provider's own list of batches says of one of ours.</summary>
/// <param name="Id">The provider's id of it; null where it was not found.</param>
/// <param name="Why">Why the list does not tell; null where it does.</param>
public sealed record BatchSearch(string? Id, string? Why)
{
    /// <summary>It is not among the provider's batches.</summary>
    public static BatchSearch Absent { get; } = new(null, null);

    /// <summary>The provider has it.</summary>
    public static BatchSearch Found(string id) => new(id, null);

    /// <summary>The list does not tell, for now.</summary>
    public static BatchSearch Undecided(string why) => new(null, why);
}
