using System.Diagnostics;
using System.Text;
using AgentOps.Engine.Identity;
using AgentOps.Engine.Tools.Processes;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace AgentOps.Engine.Tools.Mcp;

/// <summary>
/// A connection to one server. It offers the server nothing: no sampling, no elicitation, no roots. Disposing it ends a server that
/// is a child process with all its children.
/// </summary>
internal sealed class McpConnection : IAsyncDisposable
{
    private const int LongestComplaint = 2048;

    private static readonly TimeSpan EndTime = TimeSpan.FromSeconds(1);

    private readonly McpClient _client;
    private readonly Process? _process;
    private readonly bool _isSandboxed;
    private readonly HttpClient? _http;

    private McpConnection(McpClient client, IReadOnlyDictionary<string, Tool> tools, Process? process, bool isSandboxed, HttpClient? http)
    {
        _isSandboxed = isSandboxed;
        _client = client;
        Tools = tools;
        _process = process;
        _http = http;
    }

    /// <summary>What the server said of its tools when the connection was made, by name.</summary>
    public IReadOnlyDictionary<string, Tool> Tools { get; }

    /// <summary>Starts a server as a child process, over its standard streams.</summary>
    /// <param name="start">How it is started.</param>
    /// <param name="redactor">Takes secrets out of what it says in its complaint.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="IOException">It can't be started, or ended without an answer; the message has what it said.</exception>
    public static async Task<McpConnection> StartAsync(ChildProcessStart start, SecretRedactor redactor, CancellationToken cancellationToken)
    {
        var process = new Process { StartInfo = ChildProcess.ToStartInfo(start) };
        try
        {
            process.Start();
        }
        catch (System.ComponentModel.Win32Exception fault)
        {
            process.Dispose();
            throw new IOException($"The program '{start.FileName}' can't be started: {fault.Message}", fault);
        }

        var complaint = new StringBuilder();
        process.ErrorDataReceived += (_, line) =>
        {
            lock (complaint)
            {
                complaint.Append(complaint.Length < LongestComplaint ? line.Data + "\n" : string.Empty);
            }
        };
        process.BeginErrorReadLine();
        try
        {
            var transport = new StreamClientTransport(process.StandardInput.BaseStream, process.StandardOutput.BaseStream);
            return await ConnectAsync(transport, process, start.Sandbox is not null, null, cancellationToken);
        }
        catch (Exception fault)
        {
            await EndAsync(process, start.Sandbox is not null);
            if (fault is OperationCanceledException)
            {
                throw;
            }

            lock (complaint)
            {
                // What caused it may quote the server, so it is told in words alone.
                throw new IOException(redactor.RedactCut($"The program '{start.FileName}' did not answer as a Model Context Protocol server: {fault.Message} {complaint}".TrimEnd()));
            }
        }
    }

    /// <summary>Connects to a server over streamable HTTP.</summary>
    /// <param name="uri">Its address.</param>
    /// <param name="http">What requests go through; the connection owns it.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="IOException">It does not answer.</exception>
    public static async Task<McpConnection> OpenAsync(Uri uri, HttpClient http, CancellationToken cancellationToken)
    {
        try
        {
            var options = new HttpClientTransportOptions { Endpoint = uri, TransportMode = HttpTransportMode.StreamableHttp, EnableStandaloneGetStream = false };
            return await ConnectAsync(new HttpClientTransport(options, http), null, isSandboxed: false, http, cancellationToken);
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            http.Dispose();
            throw new IOException($"'{uri}' did not answer as a Model Context Protocol server: {fault.Message.TrimEnd()}", fault);
        }
    }

    /// <summary>Calls a tool.</summary>
    public ValueTask<CallToolResult> CallAsync(CallToolRequestParams call, CancellationToken cancellationToken) => _client.CallToolAsync(call, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            await EndAsync(_process, _isSandboxed);
        }

        await _client.DisposeAsync();
        _http?.Dispose();
    }

    private static async Task<McpConnection> ConnectAsync(IClientTransport transport, Process? process, bool isSandboxed, HttpClient? http, CancellationToken cancellationToken)
    {
        var options = new McpClientOptions { ClientInfo = new Implementation { Name = "AgentOps", Version = "1" } };
        var client = await McpClient.CreateAsync(transport, options, loggerFactory: null, cancellationToken);
        try
        {
            var tools = new Dictionary<string, Tool>(StringComparer.Ordinal);
            string? cursor = null;
            do
            {
                var page = await client.ListToolsAsync(new ListToolsRequestParams { Cursor = cursor }, cancellationToken);
                foreach (var tool in page.Tools)
                {
                    tools[tool.Name] = tool;
                }

                cursor = page.NextCursor;
            }
            while (cursor is not null);
            return new McpConnection(client, tools, process, isSandboxed, http);
        }
        catch
        {
            await client.DisposeAsync();
            throw;
        }
    }

    private static async Task EndAsync(Process process, bool isSandboxed)
    {
        await ChildProcess.EndAsync(process, isSandboxed);
        using var patience = new CancellationTokenSource(EndTime);
        try
        {
            await process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            // It has been killed; the system is slow to say so.
        }

        process.Dispose();
    }
}
