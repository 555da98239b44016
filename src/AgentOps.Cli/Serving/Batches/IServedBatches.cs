using Microsoft.AspNetCore.Http;

namespace AgentOps.Cli.Serving;

/// <summary>One vendor's interface for batches, in memory.</summary>
internal interface IServedBatches : IDisposable
{
    /// <summary>Answers a request of batches; false where it is another.</summary>
    Task<bool> TryHandleAsync(HttpContext context);
}
