using System.Globalization;

namespace AgentOps.Build.Packaging;

/// <summary>Which sources a package is made of, and the moment that all its files bear.</summary>
/// <param name="Commit">The commit; empty outside a clone.</param>
/// <param name="Moment"><c>SOURCE_DATE_EPOCH</c> (reproducible-builds.org), else when the commit was made.</param>
internal sealed record SourceRevision(string Commit, DateTimeOffset Moment)
{
    public static SourceRevision Read(Shell shell)
    {
        var (exitCode, output) = shell.Capture("git", ["log", "-1", "--format=%H %ct"]);
        var words = exitCode == 0 ? output.Trim().Split(' ') : [];
        var seconds = Environment.GetEnvironmentVariable("SOURCE_DATE_EPOCH") ?? (words.Length == 2 ? words[1] : null);
        if (!long.TryParse(seconds, NumberStyles.None, CultureInfo.InvariantCulture, out var epoch))
        {
            throw new BuildFailedException("A package bears the moment of its sources: pack in a git clone, or set SOURCE_DATE_EPOCH to seconds since 1970.");
        }

        if (exitCode == 0 && shell.Capture("git", ["status", "--porcelain"]).Output.Trim().Length > 0)
        {
            Say.Note("There are changes that are not committed: nobody else can make this package.");
        }

        return new SourceRevision(words.Length == 2 ? words[0] : string.Empty, DateTimeOffset.FromUnixTimeSeconds(epoch));
    }
}
