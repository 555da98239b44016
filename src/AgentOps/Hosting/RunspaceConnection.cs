using System.Management.Automation.Runspaces;
using System.Runtime.CompilerServices;
using AgentOps.Engine.Telemetry;
using AgentOps.Engine.Workspaces;

namespace AgentOps.Hosting;

/// <summary>What one runspace is connected to. Runspaces never share it, so jobs and threads stay apart.</summary>
internal sealed class RunspaceConnection : IDisposable
{
    private static readonly TimeSpan CloseTime = TimeSpan.FromSeconds(2);
    private static readonly ConditionalWeakTable<Runspace, RunspaceConnection> Connections = [];

    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly Runspace _runspace;
    private Workspace? _workspace;
    private string? _store;

    private RunspaceConnection(Runspace runspace)
    {
        _runspace = runspace;
        runspace.StateChanged += OnStateChanged;
    }

    /// <summary>The connection of the runspace of this thread, which has to be a pipeline thread.</summary>
    public static RunspaceConnection Current => Connections.GetValue(Runspace.DefaultRunspace, static runspace => new RunspaceConnection(runspace));

    /// <summary>Whether the user chose the workspace, or it is the default one.</summary>
    public bool IsExplicit { get; private set; }

    /// <summary>The store that this runspace is connected to, or would open by default.</summary>
    public string Store => IsExplicit && _store is not null ? _store : WorkspaceOptions.DefaultStore();

    /// <summary>Lets go of what this thread's runspace is connected to.</summary>
    public static void Release()
    {
        if (Runspace.DefaultRunspace is { } runspace && Connections.TryGetValue(runspace, out var connection))
        {
            Connections.Remove(runspace);
            connection.Dispose();
        }
    }

    /// <summary>The workspace; the default one is opened when it is first needed, and anew when <c>AGENTOPS_HOME</c> has changed.</summary>
    public async Task<Workspace> GetWorkspaceAsync(CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            if (_workspace is not null && (IsExplicit || _store == WorkspaceOptions.DefaultStore()))
            {
                return _workspace;
            }

            return await OpenAsync(WorkspaceOptions.DefaultStore(), null, isExplicit: false, cancellationToken);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Connects to a workspace in place of the one before, which stays when the new one can't be opened.</summary>
    public async Task<Workspace> ConnectAsync(string? store, string? onBehalfOf, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            return await OpenAsync(store ?? WorkspaceOptions.DefaultStore(), onBehalfOf, isExplicit: true, cancellationToken);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Closes the workspace; the next command that needs one opens the default.</summary>
    public async Task DisconnectAsync(CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            var workspace = _workspace;
            _workspace = null;
            IsExplicit = false;
            if (workspace is not null)
            {
                await workspace.DisposeAsync();
                TelemetryExport.Flush();
            }
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _runspace.StateChanged -= OnStateChanged;
        var workspace = _workspace;
        _workspace = null;
        workspace?.DisposeAsync().AsTask().Wait(CloseTime);
        _gate.Dispose();
    }

    private async Task<Workspace> OpenAsync(string store, string? onBehalfOf, bool isExplicit, CancellationToken cancellationToken)
    {
        TelemetryExport.StartIfAsked();
        var opened = await Workspace.OpenAsync(
            new WorkspaceOptions
            {
                Store = store,
                OnBehalfOf = onBehalfOf,
                HostName = "pwsh",
                Secrets = new VaultSecretResolver(),
                SandboxFolder = HelperProcess.Folder,
                Executors = [new CommandToolExecutor(), new ScriptToolExecutor()],
            },
            cancellationToken);
        var before = _workspace;
        _workspace = opened;
        _store = store;
        IsExplicit = isExplicit;
        if (before is not null)
        {
            await before.DisposeAsync();
        }

        return opened;
    }

    private void OnStateChanged(object? sender, RunspaceStateEventArgs change)
    {
        if (change.RunspaceStateInfo.State is RunspaceState.Closing or RunspaceState.Closed or RunspaceState.Broken)
        {
            Dispose();
        }
    }
}
