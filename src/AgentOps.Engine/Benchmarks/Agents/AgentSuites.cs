using System.Reflection;
using AgentOps.Engine.Configuration;
using AgentOps.Engine.Errors;

namespace AgentOps.Engine.Benchmarks.Agents;

/// <summary>Finds suites: those that are shipped by name, others by the path of their file.</summary>
public static class AgentSuites
{
    private const string Folder = "suites/";

    /// <summary>The names of the suites that are shipped.</summary>
    public static IReadOnlyList<string> Names { get; } =
        [.. Assembly.GetExecutingAssembly().GetManifestResourceNames()
            .Where(name => name.StartsWith(Folder, StringComparison.Ordinal))
            .Select(name => Path.GetFileNameWithoutExtension(name[Folder.Length..]))
            .Order(StringComparer.Ordinal)];

    /// <summary>Loads a suite.</summary>
    /// <param name="nameOrPath">The name of a shipped one, or a file.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <exception cref="AgentOpsException"><c>SuiteNotFound</c>; <c>InvalidConfiguration</c> with every error's file, line and column.</exception>
    public static async Task<LoadedSuite> LoadAsync(string nameOrPath, CancellationToken cancellationToken)
    {
        if (Names.FirstOrDefault(name => string.Equals(name, nameOrPath, StringComparison.OrdinalIgnoreCase)) is { } shipped)
        {
            await using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream($"{Folder}{shipped}.yaml")!;
            using var reader = new StreamReader(stream);
            return Parse(await reader.ReadToEndAsync(cancellationToken), $"{shipped}.yaml");
        }

        if (!File.Exists(nameOrPath))
        {
            throw new AgentOpsException(ErrorCodes.SuiteNotFound, $"There is no suite '{nameOrPath}': none that is shipped ({string.Join(", ", Names)}), and no such file.", nameOrPath);
        }

        return Parse(await File.ReadAllTextAsync(nameOrPath, cancellationToken), nameOrPath);
    }

    /// <summary>Reads a suite from text.</summary>
    /// <exception cref="AgentOpsException"><c>InvalidConfiguration</c>.</exception>
    public static LoadedSuite Parse(string text, string file)
    {
        var documents = ConfigurationSet.Parse(text, file, new AgentSuiteParser());
        var suites = documents.Documents.Where(document => document.Value is AgentSuite).ToArray();
        if (suites.Length != 1)
        {
            throw new AgentOpsException(ErrorCodes.InvalidConfiguration, $"{file}: one document of kind AgentSuite is due; there are {suites.Length}.", file);
        }

        var suite = (AgentSuite)suites[0].Value;
        return documents.Agents.Any(agent => string.Equals(agent.Name, suite.Agent, StringComparison.OrdinalIgnoreCase))
            ? new LoadedSuite(suite, documents)
            : throw new AgentOpsException(ErrorCodes.InvalidConfiguration, $"{suites[0].Location}: the agent '{suite.Agent}' is not among the suite's documents.", file);
    }
}
