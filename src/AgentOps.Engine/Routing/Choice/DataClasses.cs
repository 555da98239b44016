namespace AgentOps.Engine.Routing;

/// <summary>The order of data classes. Whatever isn't known is above every clearance, and clears nothing.</summary>
public static class DataClasses
{
    /// <summary>From the least to the most secret.</summary>
    public static IReadOnlyList<string> All { get; } = ["public", "internal", "confidential", "secret"];

    /// <summary>The class of a prompt that carries no label, and the clearance of a provider that states none.</summary>
    public const string Default = "internal";

    /// <summary>The more secret of two classes; one that isn't known is above all.</summary>
    /// <param name="left">A class.</param>
    /// <param name="right">Another; null for none.</param>
    public static string Highest(string left, string? right) => right is not null && RankOfData(right) > RankOfData(left) ? right : left;

    /// <summary>A prompt's place in the order; an unknown label is above all.</summary>
    public static int RankOfData(string? dataClass) => Rank(dataClass) is var rank and >= 0 ? rank : int.MaxValue;

    /// <summary>A clearance's place in the order; an unknown one is below all.</summary>
    public static int RankOfClearance(string? clearance) => Rank(clearance);

    private static int Rank(string? name) => (name ?? Default) switch
    {
        "public" => 0,
        "internal" => 1,
        "confidential" => 2,
        "secret" => 3,
        _ => -1,
    };
}
