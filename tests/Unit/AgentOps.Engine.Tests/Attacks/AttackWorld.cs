using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using AgentOps.Engine.Ledger;
using AgentOps.Engine.Workspaces;

namespace AgentOps.Engine.Tests.Attacks;

/// <summary>
/// What an attack is after: a real store with keys and ledger, files that are none of its business, a listener on the host's
/// loopback, a process to kill. Outside the temporary folders, so that nothing is safe by luck.
/// </summary>
internal sealed class AttackWorld : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.IPv6Any, 0);
    private readonly Process _victim = Process.Start(new ProcessStartInfo("sleep", "600") { Environment = { ["AGENTOPS_ATTACK_SECRET"] = "SECRET-OF-THE-HOST" } })!;
    private readonly string _socket = $"/tmp/agentops-attack-{Guid.NewGuid():N}.sock";
    private readonly Socket _local = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private byte[] _ledger = [];
    private string _rest = string.Empty;

    private AttackWorld(string root)
    {
        Root = root;
        _listener.Server.DualMode = true;
        _listener.Start();
        _local.Bind(new UnixDomainSocketEndPoint(_socket));
        _local.Listen();
        _ = AcceptAsync(async () => (await _listener.AcceptTcpClientAsync()).GetStream());
        _ = AcceptAsync(async () => new NetworkStream(await _local.AcceptAsync(), ownsSocket: true));
    }

    public string Root { get; }

    /// <summary>What was said to the listeners.</summary>
    public ConcurrentQueue<string> Heard { get; } = [];

    public string Store => Path.Combine(Root, "store");

    public string Out => Path.Combine(Root, "out");

    /// <summary>What the attack said.</summary>
    public string Loot => Path.Combine(Root, "loot");

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public static async Task<AttackWorld> CreateAsync()
    {
        Environment.SetEnvironmentVariable("AGENTOPS_ATTACK_SECRET", "SECRET-OF-THE-HOST");
        var root = Directory.CreateDirectory(Path.Combine(FindGround(), "attacks", Guid.NewGuid().ToString("N")[..8])).FullName;
        var world = new AttackWorld(root);
        Write("out/canary", "intact");
        Write("out/payments", "");
        Write("out/home/.bashrc", "intact");
        Write("out/module/AgentOps.dll", "intact");
        Write("out/cron.d/daily", "intact");
        Write("secret/s.txt", "TOP-SECRET");
        Write("secret/sub/x.txt", "TOP-SECRET");
        Write("secret/names", Path.Combine(root, "secret", "s.txt") + "\0");
        Write("public-evil/s.txt", "TOP-SECRET");
        Write("public/ok.txt", "fine");
        Directory.CreateDirectory(Path.Combine(root, "out", "writable"));
        File.CreateSymbolicLink(Path.Combine(root, "public", "link"), Path.Combine(root, "secret"));
        File.CreateSymbolicLink(Path.Combine(root, "public", "file"), Path.Combine(root, "secret", "s.txt"));
        File.CreateSymbolicLink(Path.Combine(root, "public", "relative"), "../secret");
        File.CreateSymbolicLink(Path.Combine(root, "public", "chain"), Path.Combine(root, "public", "link"));
        File.CreateSymbolicLink(Path.Combine(root, "public", "sub"), Path.Combine(root, "secret", "sub"));
        await using (await Workspace.OpenAsync(new WorkspaceOptions { Store = world.Store }, CancellationToken.None))
        {
        }

        return world;

        void Write(string path, string text)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(root, path))!);
            File.WriteAllText(Path.Combine(root, path), text);
        }
    }

    // Where a sandbox sees it, unlike the temporary folders, and by a name that no shell takes apart.
    private static string FindGround() =>
        AppContext.BaseDirectory.Any(char.IsWhiteSpace) || AppContext.BaseDirectory.StartsWith(Path.GetTempPath(), StringComparison.Ordinal)
            ? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile, Environment.SpecialFolderOption.DoNotVerify), ".cache", "agentops")
            : AppContext.BaseDirectory;

    /// <summary>A script with the names of this world's things in it.</summary>
    public string Fill(string script) => script
        .Replace("$STORE", Store, StringComparison.Ordinal)
        .Replace("$OUT", Out, StringComparison.Ordinal)
        .Replace("$ROOT", Root, StringComparison.Ordinal)
        .Replace("$LOOT", Loot, StringComparison.Ordinal)
        .Replace("$NAME", Path.GetFileName(Root), StringComparison.Ordinal)
        .Replace("$PORT", FormattableString.Invariant($"{Port}"), StringComparison.Ordinal)
        .Replace("$HEX", FormattableString.Invariant($":{Port:X4}"), StringComparison.Ordinal)
        .Replace("$SOCKET", _socket, StringComparison.Ordinal)
        .Replace("$HOST", FormattableString.Invariant($"{Environment.ProcessId}"), StringComparison.Ordinal)
        .Replace("$VICTIM", FormattableString.Invariant($"{_victim.Id}"), StringComparison.Ordinal)
        .Replace("$BASE", AppContext.BaseDirectory, StringComparison.Ordinal);

    /// <summary>Runs a script as the account may, with no governance at all, and keeps what it says as loot.</summary>
    public async Task<int> RunAsync(string script, TimeSpan? limit = null)
    {
        var start = new ProcessStartInfo("bash", ["-c", Fill(script)]) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = Root };
        using var process = Process.Start(start)!;
        _ = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEndAsync();
        using var patience = new CancellationTokenSource(limit ?? TimeSpan.FromSeconds(20));
        try
        {
            await process.WaitForExitAsync(patience.Token);
            await File.WriteAllTextAsync(Loot, await output.WaitAsync(TimeSpan.FromSeconds(2)));
            return process.ExitCode;
        }
        catch (Exception fault) when (fault is OperationCanceledException or TimeoutException)
        {
            return -1;
        }
    }

    /// <summary>Whether the attack had its effect: the proof is a shell condition.</summary>
    public async Task<bool> IsProvenAsync(string proof)
    {
        using var process = Process.Start(new ProcessStartInfo("bash", ["-c", Fill(proof)]) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = Root })!;
        await process.WaitForExitAsync();
        return process.ExitCode == 0;
    }

    /// <summary>Remembers how things stand.</summary>
    public void Remember() => (_ledger, _rest) = (File.ReadAllBytes(Log), Digest());

    /// <summary>Keys and files are as they were, the ledger was only appended to, and holds together.</summary>
    public async Task AssertUntouchedAsync()
    {
        Assert.Equal(_rest, Digest());
        Assert.True(File.ReadAllBytes(Log).AsSpan().StartsWith(_ledger), "the ledger's past was changed");
        Assert.True((await FileLedgerStore.VerifyFolderAsync(Store, new LedgerVerificationOptions(), CancellationToken.None)).IsWhole);
        Assert.False(_victim.HasExited);
    }

    public void Dispose()
    {
        _victim.Kill();
        _victim.Dispose();
        _listener.Dispose();
        _local.Dispose();
        File.Delete(_socket);
        Directory.Delete(Root, recursive: true);
    }

    private string Log => Path.Combine(Store, "ledger", "log", "000000.jsonl");

    private string Digest()
    {
        var text = new StringBuilder();
        foreach (var file in Directory.EnumerateFiles(Root, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            if (!file.StartsWith(Path.Combine(Store, "ledger"), StringComparison.Ordinal) && !file.StartsWith(Path.Combine(Store, "blobs"), StringComparison.Ordinal) && file != Loot)
            {
                text.Append(file).Append(' ').AppendLine(Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(file))));
            }
        }

        return text.ToString();
    }

    /// <summary>Answers anything that is said over the network, as HTTP.</summary>
    private async Task AcceptAsync(Func<Task<NetworkStream>> accept)
    {
        try
        {
            while (true)
            {
                await using var stream = await accept();
                var buffer = new byte[4096];
                var count = await stream.ReadAsync(buffer);
                Heard.Enqueue(Encoding.ASCII.GetString(buffer, 0, count));
                await stream.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nhi"u8.ToArray());
            }
        }
        catch (Exception fault) when (fault is SocketException or ObjectDisposedException or IOException)
        {
            // The world has ended.
        }
    }
}
