namespace AgentOps.Build.Packaging;

/// <summary>What CHANGELOG.md says of one version.</summary>
internal static class ReleaseNotes
{
    // The gallery refuses more.
    private const int MostCharacters = 35_000;

    public static string Of(string changelog, string version)
    {
        var heading = $"## {version}";
        var section = File.ReadLines(changelog)
            .SkipWhile(line => line != heading && !line.StartsWith(heading + " ", StringComparison.Ordinal))
            .Skip(1)
            .TakeWhile(line => !line.StartsWith("## ", StringComparison.Ordinal));
        var text = string.Join('\n', section).Trim();
        return text.Length switch
        {
            0 => throw new BuildFailedException($"CHANGELOG.md has no lines under '{heading}'."),
            > MostCharacters => throw new BuildFailedException($"CHANGELOG.md has more than {MostCharacters} characters under '{heading}', which the gallery refuses."),
            _ => text,
        };
    }
}
