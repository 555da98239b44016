using System.Diagnostics;

namespace AgentOps.Engine.Tests.Ledger;

/// <summary>A real PostgreSQL server in a folder of its own, reached by a socket in it; started by the first test that wants it.</summary>
public sealed class PostgresServer : IDisposable
{
    private readonly string _folder = Path.Combine(Path.GetTempPath(), "agentops-pg-" + Path.GetRandomFileName()[..6]);
    private readonly Lock _gate = new();
    private bool _isStarted;

    /// <summary>The folder of the server's programs, or null where there is none on this machine.</summary>
    public static string? Programs { get; } = FindPrograms();

    public string GetUri(string workspace)
    {
        lock (_gate)
        {
            if (!_isStarted)
            {
                Directory.CreateDirectory(_folder);
                Chown();
                Run("initdb", "-D", Path.Combine(_folder, "data"), "-A", "trust", "-U", "postgres", "--no-sync");
                Start();
                _isStarted = true;
            }
        }

        return $"postgresql://postgres@localhost/postgres/{workspace}?host={Uri.EscapeDataString(_folder)}";
    }

    /// <summary>Stops the server without asking anyone, as a crash does, and starts it again.</summary>
    public void Crash()
    {
        Run("pg_ctl", "-D", Path.Combine(_folder, "data"), "-m", "immediate", "-w", "stop");
        Start();
    }

    public string Query(string sql) => Run("psql", "-h", _folder, "-U", "postgres", "-d", "postgres", "-A", "-t", "-c", sql);

    public void Dispose()
    {
        if (_isStarted)
        {
            Run("pg_ctl", "-D", Path.Combine(_folder, "data"), "-m", "immediate", "-w", "stop");
            Directory.Delete(_folder, recursive: true);
        }
    }

    private void Start() => Run("pg_ctl", "-D", Path.Combine(_folder, "data"), "-w", "-t", "60", "-l", Path.Combine(_folder, "log"),
        "-o", $"-c listen_addresses='' -c unix_socket_directories='{_folder}' -c max_connections=60", "start");

    private void Chown()
    {
        if (Environment.UserName == "root")
        {
            using var process = Process.Start("chown", ["postgres", _folder]);
            process.WaitForExit();
        }
    }

    private static string Run(string program, params string[] arguments)
    {
        string[] asPostgres = Environment.UserName == "root" ? ["runuser", "-u", "postgres", "--"] : [];
        string[] all = [.. asPostgres, Path.Combine(Programs!, program), .. arguments];
        var start = new ProcessStartInfo(all[0], all[1..]) { RedirectStandardError = true, RedirectStandardOutput = program is not "pg_ctl", WorkingDirectory = "/tmp" };
        using var process = Process.Start(start)!;

        // The server inherits pg_ctl's streams: reading them to their end would wait for the server.
        var output = program is "pg_ctl" ? "" : process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? output.Trim() : throw new InvalidOperationException($"{program} failed: {output}");
    }

    private static string? FindPrograms()
    {
        const string Debian = "/usr/lib/postgresql";
        var candidates = Directory.Exists(Debian) ? Directory.GetDirectories(Debian).OrderDescending(StringComparer.Ordinal).Select(path => Path.Combine(path, "bin")) : [];
        var onPath = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        return candidates.Concat(onPath).FirstOrDefault(path => File.Exists(Path.Combine(path, "initdb")) && File.Exists(Path.Combine(path, "pg_ctl")));
    }
}
