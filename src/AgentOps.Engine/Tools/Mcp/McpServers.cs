using System.Net.Http.Headers;
using AgentOps.Engine.Identity;
using AgentOps.Engine.Providers;
using AgentOps.Engine.Tools.Http;
using AgentOps.Engine.Tools.Isolation;
using AgentOps.Engine.Tools.Processes;

namespace AgentOps.Engine.Tools.Mcp;

/// <summary>Makes connections to servers, with secrets resolved only now and only for the server that they are for.</summary>
internal sealed class McpServers(ISecretResolver secrets, SecretRedactor redactor)
{
    // A server lives as long as its session; the sandbox bounds its processor time by this.
    private static readonly TimeSpan LongestRun = TimeSpan.FromDays(1);

    /// <summary>Connects.</summary>
    /// <param name="settings">Which server.</param>
    /// <param name="agent">The agent that calls; null when tools are looked at to be registered.</param>
    /// <param name="sandbox">The sandbox for a child process; null for none.</param>
    /// <param name="isolation">What the sandbox gives it.</param>
    /// <param name="folder">Where a server that is a child process starts.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="IOException">It can't be started or does not answer.</exception>
    /// <exception cref="Errors.AgentOpsException"><c>SecretNotFound</c>.</exception>
    public async Task<McpConnection> ConnectAsync(McpToolSettings settings, string? agent, Sandbox? sandbox, ToolIsolation isolation, string folder, CancellationToken cancellationToken)
    {
        if (settings.Uri is { } uri)
        {
            HttpMessageHandler handler = HttpToolExecutor.CreateHandler(settings.AllowPrivateNetwork);
            foreach (var credential in settings.Credentials)
            {
                // One that is missing is told before the server is reached.
                await secrets.ResolveAsync(credential.Secret, cancellationToken);
            }

            handler = settings.Credentials.Count > 0 ? new McpCredentialHandler(uri, settings.Credentials, secrets, handler) : handler;
            handler = settings.Identity.IsSent && agent is not null ? new McpIdentityHandler(uri, handler) : handler;
            var http = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
            http.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("AgentOps", "1"));
            if (agent is not null)
            {
                http.DefaultRequestHeaders.TryAddWithoutValidation("AgentOps-Agent", agent);
            }

            return await McpConnection.OpenAsync(uri, http, cancellationToken);
        }

        var environment = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in settings.Environment)
        {
            environment[name] = SecretReference.IsReference(value) ? await secrets.ResolveAsync(value, cancellationToken) : value;
        }

        return await McpConnection.StartAsync(
            new ChildProcessStart
            {
                FileName = settings.Command[0],
                Arguments = settings.Command.Skip(1).ToArray(),
                WorkFolder = folder,
                Environment = environment,
                Sandbox = sandbox,
                Isolation = isolation,
                Writable = isolation.Write,
                Timeout = LongestRun,
                MaxOutputBytes = int.MaxValue,
            },
            redactor,
            cancellationToken);
    }
}
