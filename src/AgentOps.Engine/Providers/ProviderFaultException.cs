namespace AgentOps.Engine.Providers;

/// <summary>
/// A failed call, inside the engine: the router decides from <see cref="Fault"/> what to do next, and turns the last one
/// into an <see cref="Errors.AgentOpsException"/>.
/// </summary>
public sealed class ProviderFaultException : Exception
{
    /// <summary>Wraps a fault.</summary>
    public ProviderFaultException(ProviderFault fault, Exception? innerException = null)
        : base($"Provider '{fault.Provider}': {fault.Detail}", innerException) => Fault = fault;

    /// <summary>What happened.</summary>
    public ProviderFault Fault { get; }
}
