namespace AgentOps.Engine.Routing;

/// <summary>How a batch stands, as the ledger knows it.</summary>
public enum BatchStatus
{
    /// <summary>It is being handed over; where that lasts, the one who did it ended first. Whoever asks for it looks for it at the provider.</summary>
    Submitting,

    /// <summary>Whether the provider took it is unknown for now: no answer said so, and its own list did not tell yet.</summary>
    Unknown,

    /// <summary>The provider has it.</summary>
    Running,

    /// <summary>The provider has it and was asked to stop it.</summary>
    Stopping,

    /// <summary>The provider did not take it.</summary>
    Refused,

    /// <summary>Its results are here, and what it cost is settled.</summary>
    Collected,
}
