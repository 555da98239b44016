using System.Diagnostics;

namespace AgentOps.Engine.Tests.Ledger;

/// <summary>Runs the commands of the guide "Verify our audit without AgentOps" as they stand in it.</summary>
public sealed class GuideTests : IDisposable
{
    private readonly LedgerFixture _fixture = new();

    public void Dispose() => _fixture.Dispose();

    [GuideFact]
    public async Task The_guide_finds_a_whole_ledger_whole_and_a_changed_one_not()
    {
        var guide = await File.ReadAllTextAsync(Path.Combine(FindRoot(), "docs", "guides", "verify-without-agentops.md"));
        string first, anchor;
        await using (var store = await _fixture.OpenAsync())
        {
            first = store.VerifierKey;
            await store.AppendAsync([LedgerFixture.Event(1), LedgerFixture.Event(2, "ü\"\\")], CancellationToken.None);
            anchor = store.GetCheckpoint().Note;
            await store.RotateKeyAsync(CancellationToken.None);
            await store.AppendAsync([.. Enumerable.Range(0, 20).Select(n => LedgerFixture.Event(n))], CancellationToken.None);
        }

        await File.WriteAllTextAsync(Path.Combine(_fixture.Folder, "verify.py"), GetBlock(guide, "python", 0));
        await File.WriteAllTextAsync(Path.Combine(_fixture.Folder, "kept"), anchor);
        var second = (await File.ReadAllTextAsync(Path.Combine(_fixture.Folder, "keys", "ledger.vkey"))).Trim();
        var byHand = string.Join('\n', GetBlock(guide, "bash", 0).Split('\n').Select(line => line.StartsWith("KEY=", StringComparison.Ordinal) ? $"KEY='{second}'" : line));
        Assert.Contains("Verified OK", await RunAsync("bash", "-c", byHand), StringComparison.Ordinal);
        Assert.Equal(anchor.Split('\n')[2], (await RunAsync("bash", "-c", GetBlock(guide, "bash", 1))).Trim());
        Assert.StartsWith("whole: 24 records", await RunAsync("python3", "verify.py", "ledger", first), StringComparison.Ordinal);
        Assert.StartsWith("whole: 24 records", await RunAsync("python3", "verify.py", "ledger", second), StringComparison.Ordinal);
        using var other = new LedgerFixture();
        await using (var stranger = await other.OpenAsync())
        {
            Assert.Contains("pinned", await RunAsync("python3", "verify.py", "ledger", stranger.VerifierKey), StringComparison.Ordinal);
        }

        var text = await File.ReadAllTextAsync(_fixture.Segment);
        await File.WriteAllTextAsync(_fixture.Segment, text.Replace("\"n\":7", "\"n\":8", StringComparison.Ordinal));
        Assert.Contains("do not give this root", await RunAsync("python3", "verify.py", "ledger", first), StringComparison.Ordinal);
    }

    private static string GetBlock(string guide, string language, int index) =>
        guide.Split("```" + language + "\n")[index + 1].Split("\n```")[0];

    private static string FindRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "AgentOps.slnx")))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("The sources are not above the tests.");
        }

        return folder;
    }

    private async Task<string> RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = _fixture.Folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var error = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return output + await error;
    }

    private sealed class GuideFactAttribute : FactAttribute
    {
        public GuideFactAttribute()
        {
            var path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
            var missing = new[] { "openssl", "python3", "bash" }.FirstOrDefault(program => !path.Any(folder => File.Exists(Path.Combine(folder, program))));
            Skip = missing is null ? null : $"The guide needs {missing}, which is not on this machine.";
        }
    }
}
