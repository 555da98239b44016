using AgentOps.Engine.Providers;
using AgentOps.Engine.Tools.Http;

namespace AgentOps.Engine.Tools.Mcp;

/// <summary>Sends secrets, resolved for each request, to a server over HTTP; a request to any other place than the server's own carries none.</summary>
internal sealed class McpCredentialHandler(Uri server, IReadOnlyList<HttpCredential> credentials, ISecretResolver secrets, HttpMessageHandler inner) : DelegatingHandler(inner)
{
    /// <inheritdoc/>
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (request.RequestUri is { } uri && Uri.Compare(uri, server, UriComponents.SchemeAndServer, UriFormat.Unescaped, StringComparison.OrdinalIgnoreCase) == 0)
        {
            foreach (var credential in credentials)
            {
                request.Headers.Remove(credential.Name);
                request.Headers.TryAddWithoutValidation(credential.Name, credential.Spell(await secrets.ResolveAsync(credential.Secret, cancellationToken)));
            }
        }

        return await base.SendAsync(request, cancellationToken);
    }
}
