using AgentOps.Engine.Errors;
using AgentOps.Engine.Identity;
using AgentOps.Engine.Tools.Http;
using AgentOps.Engine.Tools.Isolation;
using AgentOps.Engine.Tools.Schemas;
using ModelContextProtocol.Protocol;

namespace AgentOps.Engine.Tools.Mcp;

/// <summary>Looks at what a server offers, to be registered. It calls no tool.</summary>
public sealed class McpCatalog
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly McpServers _servers;

    private readonly HostIsolation _isolation;

    internal McpCatalog(McpServers servers, HostIsolation isolation)
    {
        _servers = servers;
        _isolation = isolation;
    }

    /// <summary>The definitions of a server's tools, each pinned to what the server says of it now.</summary>
    /// <param name="prefix">What the tools' names begin with, before a hyphen and the server's own name of the tool.</param>
    /// <param name="command">The server's program and arguments; none for one over HTTP.</param>
    /// <param name="environment">Its environment variables; values may be references to secrets.</param>
    /// <param name="uri">Its address; null for a child process.</param>
    /// <param name="allowPrivateNetwork">Whether the address may be a private one.</param>
    /// <param name="credentials">References to secrets that a server over HTTP is sent, by header field; <c>Authorization</c> is a bearer token.</param>
    /// <param name="isolation">How a server that is a child process is confined, now and whenever it runs.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="AgentOpsException"><c>ToolServerUnavailable</c>; <c>ToolInvalid</c> for credentials that can't be sent; <c>SecretNotFound</c>.</exception>
    public async Task<IReadOnlyList<ToolDefinition>> ListAsync(
        string prefix, IReadOnlyList<string> command, IReadOnlyDictionary<string, string> environment, Uri? uri, bool allowPrivateNetwork, IReadOnlyDictionary<string, string> credentials, ToolIsolation isolation, CancellationToken cancellationToken)
    {
        HttpCredential[] sent = [.. credentials.OrderBy(field => field.Key, StringComparer.OrdinalIgnoreCase).Select(field =>
            new HttpCredential(field.Value, HttpPartPlace.Header, field.Key, field.Key.Equals("Authorization", StringComparison.OrdinalIgnoreCase) ? "bearer" : null))];
        var settings = new McpToolSettings(command, environment, uri, allowPrivateNetwork, sent, new IdentitySettings(false, null), string.Empty, string.Empty);
        if (settings.CredentialProblem() is { } problem)
        {
            throw new AgentOpsException(ErrorCodes.ToolInvalid, $"The server '{prefix}' can't be asked: {problem}.", prefix);
        }

        var folder = Directory.CreateTempSubdirectory("agentops-").FullName;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Patience);
        try
        {
            var shape = new ToolDefinition { Name = prefix, Kind = ToolKind.Mcp, Isolation = isolation, Settings = settings.ToJson() };
            await using var connection = await _servers.ConnectAsync(settings, null, _isolation.For(shape), isolation, folder, limit.Token);
            return connection.Tools.Values.Select(tool => Define(shape, settings, tool)).ToArray();
        }
        catch (IOException fault)
        {
            throw new AgentOpsException(ErrorCodes.ToolServerUnavailable, fault.Message, prefix, innerException: fault);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new AgentOpsException(ErrorCodes.ToolServerUnavailable, FormattableString.Invariant($"The server did not say within {Patience.TotalSeconds} s which tools it has."), prefix);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static ToolDefinition Define(ToolDefinition shape, McpToolSettings settings, Tool tool) => shape with
    {
        Name = ToolNames.Under(shape.Name, tool.Name),
        Description = tool.Description ?? tool.Name,
        Parameters = SchemaParameters.Read(tool.InputSchema),
        Settings = (settings with { Tool = tool.Name, Pin = McpPin.Of(tool) }).ToJson(),
    };
}
