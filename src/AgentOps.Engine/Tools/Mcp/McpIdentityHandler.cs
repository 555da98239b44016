using System.Net.Http.Headers;
using AgentOps.Engine.Identity;

namespace AgentOps.Engine.Tools.Mcp;

/// <summary>
/// Says to a server over HTTP who calls. Each request carries the token of the call that it is made for; what the connection says for
/// itself, that of the newest call. A request to any other place than the server's own carries none.
/// </summary>
internal sealed class McpIdentityHandler(Uri server, HttpMessageHandler inner) : DelegatingHandler(inner)
{
    private static readonly AsyncLocal<Func<CancellationToken, ValueTask<Credential>>?> Flowing = new();

    private volatile Func<CancellationToken, ValueTask<Credential>>? _newest;

    /// <summary>Tells the call that what is sent from here on is made for.</summary>
    public static void Begin(Func<CancellationToken, ValueTask<Credential>> credential) => Flowing.Value = credential;

    /// <inheritdoc/>
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (Flowing.Value is { } call)
        {
            _newest = call;
        }

        if (_newest is { } credential && request.RequestUri is { } uri && Uri.Compare(uri, server, UriComponents.SchemeAndServer, UriFormat.Unescaped, StringComparison.OrdinalIgnoreCase) == 0)
        {
            var (token, refusal) = await credential(cancellationToken);
            request.Headers.Authorization = token is not null ? new AuthenticationHeaderValue("Bearer", token) : throw new HttpRequestException(refusal);
        }

        return await base.SendAsync(request, cancellationToken);
    }
}
