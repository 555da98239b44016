using System.Net.Http.Headers;

namespace AgentOps.Engine.Providers.Http;

/// <summary>A response without success.</summary>
/// <param name="Provider">The provider's name.</param>
/// <param name="Status">The HTTP status.</param>
/// <param name="Headers">Its headers.</param>
/// <param name="Body">Its body, cut to a sane length, secrets removed.</param>
/// <param name="Now">The time, for waits that are given as dates.</param>
internal sealed record FailedResponse(string Provider, int Status, HttpResponseHeaders Headers, string Body, DateTimeOffset Now);
