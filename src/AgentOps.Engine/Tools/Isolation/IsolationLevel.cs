namespace AgentOps.Engine.Tools.Isolation;

/// <summary>What separates a running tool from the host; each level holds more than the one before.</summary>
public enum IsolationLevel
{
    /// <summary>It runs inside the host's own process.</summary>
    None,

    /// <summary>A child process with a clean environment and a folder of its own. It has all the rights of the account.</summary>
    Process,

    /// <summary>A child process that the operating system confines: no store, no keys, no writing but where it may, no way out of its tree.</summary>
    Sandbox,
}
