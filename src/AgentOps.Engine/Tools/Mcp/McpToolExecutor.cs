using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using AgentOps.Engine.Identity;
using AgentOps.Engine.Tools.Schemas;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace AgentOps.Engine.Tools.Mcp;

/// <summary>
/// Runs Mcp tools: tools of a Model Context Protocol server. A session has a server to itself, from its first call to its end. A tool of
/// which the server says something else than when it was registered is not called: it is suspended until it is registered anew.
/// </summary>
internal sealed class McpToolExecutor(McpServers servers) : ISessionExecutor, IAsyncDisposable
{
    private readonly ConcurrentDictionary<(string Session, string Server), Lazy<Task<McpConnection>>> _connections = new();

    /// <inheritdoc/>
    public ToolKind Kind => ToolKind.Mcp;

    /// <inheritdoc/>
    public string Isolation => "server of the session's own: child process with a clean environment, or a granted host";

    /// <inheritdoc/>
    public async ValueTask<ToolOutcome> ExecuteAsync(ToolInvocation invocation, CancellationToken cancellationToken)
    {
        var settings = McpToolSettings.FromJson(invocation.Tool.Settings);
        if (settings.Uri is { } uri && !invocation.IsHostGranted(uri.IdnHost))
        {
            return new ToolOutcome(false, $"The host '{uri.IdnHost}' is not granted to the agent (net:{uri.IdnHost}).");
        }

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(invocation.Tool.Timeout);
        try
        {
            return await CallAsync(settings, invocation, limit.Token);
        }
        catch (OperationCanceledException)
        {
            // The server may still be at it: it is ended, and a later call starts another.
            await DropAsync((invocation.Session, ServerKey(settings, invocation.Tool)));
            cancellationToken.ThrowIfCancellationRequested();
            return ToolOutcome.TimedOut(invocation.Tool.Timeout);
        }
    }

    /// <inheritdoc/>
    public async ValueTask EndSessionAsync(string session)
    {
        foreach (var key in _connections.Keys.Where(key => key.Session == session))
        {
            await DropAsync(key);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var key in _connections.Keys)
        {
            await DropAsync(key);
        }
    }

    private async Task<ToolOutcome> CallAsync(McpToolSettings settings, ToolInvocation invocation, CancellationToken cancellationToken)
    {
        var key = (invocation.Session, ServerKey(settings, invocation.Tool));
        if (settings is { Uri: { } uri, Identity.IsSent: true })
        {
            ValueTask<Credential> Identify(CancellationToken token) => invocation.Identify(uri.IdnHost, settings.Identity.AudienceOf(uri), token);
            if (await Identify(cancellationToken) is { Refusal: { } refusal })
            {
                return new ToolOutcome(false, refusal);
            }

            McpIdentityHandler.Begin(Identify);
        }

        McpConnection connection;
        try
        {
            var made = _connections.GetOrAdd(key, _ => new Lazy<Task<McpConnection>>(() => servers.ConnectAsync(settings, invocation.Agent, invocation.Sandbox, invocation.Tool.Isolation, invocation.WorkFolder, cancellationToken)));
            connection = await made.Value.WaitAsync(cancellationToken);
        }
        catch (IOException fault)
        {
            await DropAsync(key);
            return new ToolOutcome(false, fault.Message);
        }

        if (Changed(settings, invocation.Tool, connection) is { } changed)
        {
            return new ToolOutcome(false, changed) { Suspends = changed };
        }

        try
        {
            using var arguments = JsonDocument.Parse(PlainArguments.Write(invocation.Tool.Parameters, invocation.Arguments).ToJsonString());
            var result = await connection.CallAsync(
                new CallToolRequestParams
                {
                    Name = settings.Tool,
                    Arguments = arguments.RootElement.EnumerateObject().ToDictionary(member => member.Name, member => member.Value.Clone(), StringComparer.Ordinal),
                },
                cancellationToken);
            return Outcome(result, invocation.Tool.MaxOutputBytes);
        }
        catch (McpProtocolException refusal)
        {
            return new ToolOutcome(false, refusal.Message, IsUntrusted: true);
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            await DropAsync(key);
            return new ToolOutcome(false, $"The connection to the server broke: {fault.Message}", IsUnknown: true);
        }
    }

    /// <summary>Tools share a server when they run in the same way, too.</summary>
    private static string ServerKey(McpToolSettings settings, ToolDefinition tool) => settings.ServerKey + tool.Isolation.ToJson()?.ToJsonString();

    private static string? Changed(McpToolSettings settings, ToolDefinition tool, McpConnection connection) =>
        !connection.Tools.TryGetValue(settings.Tool, out var offered) ? $"The server no longer has the tool '{settings.Tool}', which '{tool.Name}' stands for."
        : McpPin.Of(offered) != settings.Pin ? $"The server has changed the description or schema of '{settings.Tool}' since '{tool.Name}' was registered."
        : null;

    private static ToolOutcome Outcome(CallToolResult result, int maxBytes)
    {
        var texts = result.Content.Select(block => block switch
        {
            TextContentBlock text => text.Text,
            EmbeddedResourceBlock { Resource: TextResourceContents resource } => resource.Text,
            _ => $"[{block.Type}, left out]",
        }).ToArray();
        var content = texts.Length == 0 && result.StructuredContent is { } structured ? structured.ToString() : string.Join('\n', texts);
        var bytes = Encoding.UTF8.GetBytes(content);
        var isCut = bytes.Length > maxBytes;
        return new ToolOutcome(result.IsError is not true, isCut ? Encoding.UTF8.GetString(bytes, 0, maxBytes) : content, isCut, IsUntrusted: true);
    }

    private async ValueTask DropAsync((string Session, string Server) key)
    {
        if (!_connections.TryRemove(key, out var made))
        {
            return;
        }

        try
        {
            await (await made.Value).DisposeAsync();
        }
        catch (Exception fault) when (fault is IOException or OperationCanceledException or Errors.AgentOpsException)
        {
            // It was never there.
        }
    }
}
