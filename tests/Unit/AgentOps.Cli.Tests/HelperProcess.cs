using System.Diagnostics;
using System.Text;
using AgentOps.Cli.Hosting;

namespace AgentOps.Cli.Tests;

/// <summary>The helper as a process of its own: the native one where <c>AGENTOPS_HELPER</c> names it, else the managed build.</summary>
internal sealed class HelperProcess : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly Process _process;
    private readonly TaskCompletionSource<string> _firstLine = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task<string> _output;
    private readonly Task<string> _error;

    private HelperProcess(Process process)
    {
        _process = process;
        _output = ReadAsync(process.StandardOutput);
        _error = process.StandardError.ReadToEndAsync();
    }

    public static HelperProcess Start(params string[] arguments)
    {
        var native = Environment.GetEnvironmentVariable("AGENTOPS_HELPER");
        var managed = typeof(CommandHost).Assembly.Location;
        var info = new ProcessStartInfo(native ?? "dotnet", native is null ? [managed, .. arguments] : arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        return new HelperProcess(Process.Start(info)!);
    }

    public static async Task<(int ExitCode, string Output, string Error)> RunAsync(params string[] arguments)
    {
        using var helper = Start(arguments);
        return await helper.EndAsync();
    }

    public async Task<(int ExitCode, string Output, string Error)> EndAsync()
    {
        await _process.WaitForExitAsync().WaitAsync(Patience);
        return (_process.ExitCode, await _output, await _error);
    }

    /// <summary>The first line that it writes; empty where it ends without one.</summary>
    public Task<string> FirstLineAsync() => _firstLine.Task.WaitAsync(Patience);

    /// <summary>Ends the process with no chance to tidy up, and nothing but it.</summary>
    public void Kill()
    {
        _process.Kill(entireProcessTree: false);
        _process.WaitForExit();
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        _process.Dispose();
    }

    private async Task<string> ReadAsync(StreamReader output)
    {
        var text = new StringBuilder();
        var buffer = new char[4096];
        while (await output.ReadAsync(buffer) is > 0 and var read)
        {
            text.Append(buffer, 0, read);
            if (!_firstLine.Task.IsCompleted && text.ToString() is var soFar && soFar.Contains('\n', StringComparison.Ordinal))
            {
                _firstLine.TrySetResult(soFar[..soFar.IndexOf('\n', StringComparison.Ordinal)].TrimEnd('\r'));
            }
        }

        _firstLine.TrySetResult(text.ToString());
        return text.ToString();
    }
}
