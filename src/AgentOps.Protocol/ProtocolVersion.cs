namespace AgentOps.Protocol;

/// <summary>The version of the line protocol between the helper and whoever launched it.</summary>
public static class ProtocolVersion
{
    /// <summary>The version that this build speaks. It changes when a reader of the old one would go wrong.</summary>
    public const int Current = 1;
}
