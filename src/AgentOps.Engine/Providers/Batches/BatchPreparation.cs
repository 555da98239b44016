namespace AgentOps.Engine.Providers;

/// <summary>A step before a batch is submitted, such as the upload of its file.</summary>
internal static class BatchPreparation
{
    /// <summary>Runs it. What fails here has begun nothing, however it failed.</summary>
    /// <exception cref="ProviderFaultException">It failed.</exception>
    public static async Task<T> RunAsync<T>(Task<T> step)
    {
        try
        {
            return await step.ConfigureAwait(false);
        }
        catch (ProviderFaultException exception)
        {
            throw new ProviderFaultException(exception.Fault with { NeverBegan = true });
        }
    }
}
