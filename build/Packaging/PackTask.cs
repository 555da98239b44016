using System.Xml.Linq;

namespace AgentOps.Build.Packaging;

/// <summary>Makes the module's folder as the gallery wants it, its bill of materials, and its package.</summary>
internal sealed class PackTask(Repository repository)
{
    private readonly Shell _shell = new(repository);

    public int Run(bool allowNet9, bool outputIsResult = true)
    {
        var helper = new NativeHelper(repository, _shell);
        if (helper.IsFallback && !allowNet9)
        {
            return Say.Failure("The helper can be published for net9.0 only, which is out of support. Pack where net10.0's native runtime pack restores, or say --allow-net9.");
        }

        var host = new PowerShellHost(repository, _shell);
        if (!host.IsThere)
        {
            throw new BuildFailedException("A package has the module's help in it, which PowerShell builds: install PowerShell 7.6 and run the task again.");
        }

        var built = new BuildTask(repository).Run();
        if (built != 0)
        {
            return built;
        }

        var source = SourceRevision.Read(_shell);
        Say.Step("package");
        var folder = new ModuleFolder(repository, Version());
        folder.LayOut();
        var manifest = ModuleManifest.Read(host, folder.Manifest);
        new BillOfMaterials(manifest, source, folder, RestoredPackages()).Write();
        var package = repository.PathOf("artifacts", "package", $"{manifest.Name}.{manifest.Version}.nupkg");
        new NuGetPackage(manifest, source).Write(folder, package);
        SayPlatforms(folder);
        var to = outputIsResult ? Console.Out : Console.Error;
        to.WriteLine(folder.Root);
        to.WriteLine(package);
        return 0;
    }

    /// <summary>The version of the assemblies: the manifest has to name the same.</summary>
    private string Version() =>
        XDocument.Load(repository.PathOf("Directory.Build.props")).Descendants("VersionPrefix").Single().Value;

    private List<RestoredPackage> RestoredPackages()
    {
        var module = repository.PathOf("artifacts", "net10.0", "obj", "AgentOps", "project.assets.json");
        var helper = Path.Combine(new NativeHelper(repository, _shell).ArtifactsFolder, "obj", "AgentOps.Cli", "project.assets.json");
        return new RestoredPackages(module, helper).Read();
    }

    private static void SayPlatforms(ModuleFolder folder)
    {
        var here = folder.Platforms();
        Say.Note($"With the helper for {string.Join(", ", here)}.");
        var missing = ModuleFolder.KnownPlatforms.Except(here, StringComparer.Ordinal).ToArray();
        if (missing.Length > 0)
        {
            Say.Note($"WITHOUT the helper for {string.Join(", ", missing)}: each is built on its own system; put it into module/bin/native/<platform> and pack again.");
        }
    }
}
