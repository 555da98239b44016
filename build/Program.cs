using AgentOps.Build;
using AgentOps.Build.Packaging;

const string usage = """
    usage: ./build.sh TASK   (build.ps1 -Task TASK)

      build         the module (module/bin), its helper and, with PowerShell, its help
      test          all unit tests and, with PowerShell, the Pester suites
      quickstart    the main job, shown
      bench [AREA]  the figures of one area, or of all: one JSON line a figure
      docs          the help (needs PowerShell)
      pack [--allow-net9]       the module's folder and its package for the gallery
      reproduce [--allow-net9]  packs the newest commit in two folders and compares the bytes
      clean         removes everything that was built
    """;

var task = args.Length == 0 ? "build" : args[0].ToLowerInvariant();
var rest = args.Skip(1).ToArray();
var repository = Repository.Find();
try
{
    return task switch
    {
        "build" => new BuildTask(repository).Run(),
        "test" => new TestTask(repository).Run(),
        "quickstart" => new QuickstartTask(repository).Run(),
        "bench" => new BenchTask(repository).Run(rest),
        "docs" => new DocsTask(repository).Run(required: true),
        "pack" => new PackTask(repository).Run(AllowsNet9()),
        "reproduce" => new ReproduceTask(repository).Run(AllowsNet9()),
        "clean" => new CleanTask(repository).Run(),
        _ => Say.Failure($"Unknown task '{task}'.{Environment.NewLine}{usage}"),
    };
}
catch (BuildFailedException failure)
{
    return Say.Failure(failure.Message);
}

bool AllowsNet9() => rest.Contains("--allow-net9", StringComparer.OrdinalIgnoreCase);
