namespace AgentOps.Build;

/// <summary>Lays out the module as the gallery wants it.</summary>
internal sealed class PackTask(Repository repository)
{
    private static readonly string[] Parts =
        ["AgentOps.psd1", "LICENSE", "README.md", "CHANGELOG.md", "module", "en-US"];

    public int Run(bool allowNet9)
    {
        var shell = new Shell(repository);
        if (new NativeHelper(repository, shell).IsFallback && !allowNet9)
        {
            return Say.Failure("The helper can be published for net9.0 only, which is out of support. Pack where net10.0's native runtime pack restores, or say --allow-net9.");
        }

        var built = new BuildTask(repository).Run();
        if (built != 0)
        {
            return built;
        }

        var version = Version();
        var target = repository.PathOf("artifacts", "package", "AgentOps", version);
        Say.Step($"package {version}");
        if (Directory.Exists(target))
        {
            Directory.Delete(target, recursive: true);
        }

        foreach (var part in Parts)
        {
            Copy(repository.PathOf(part), Path.Combine(target, part));
        }

        Console.Out.WriteLine(target);
        return 0;
    }

    private string Version()
    {
        var line = File.ReadLines(repository.PathOf("AgentOps.psd1")).First(text => text.Contains("ModuleVersion", StringComparison.Ordinal));
        return line.Split('\'')[1];
    }

    private static void Copy(string from, string to)
    {
        if (File.Exists(from))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(to)!);
            File.Copy(from, to);
            return;
        }

        if (!Directory.Exists(from))
        {
            Say.Note($"'{Path.GetFileName(from)}' is not there and not packed.");
            return;
        }

        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories).Where(file => !file.EndsWith(".pdb", StringComparison.Ordinal)))
        {
            Copy(file, Path.Combine(to, Path.GetRelativePath(from, file)));
        }
    }
}
