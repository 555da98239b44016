using AgentOps.Engine.Agents;
using AgentOps.Engine.Configuration;
using AgentOps.Engine.Permissions;
using AgentOps.Engine.Tools;
using AgentOps.Engine.Verification;

namespace AgentOps.Engine.Benchmarks.Agents;

/// <summary>A suite's configuration as it is imported: with the measured agent's own models, and for the control without any governance.</summary>
internal static class SuiteSetup
{
    private const string Everything = """
        apiVersion: agentops/v1
        kind: AgentPolicy
        name: control
        subjects: {agents: [AGENT]}
        rules:
        - {id: everything, effect: permit, resources: [TOOLS]}
        """;

    private const string SimulatedModel = """
        apiVersion: agentops/v1
        kind: Provider
        name: simulated
        protocol: simulated
        ---
        apiVersion: agentops/v1
        kind: Route
        name: measured
        targets:
        - {provider: simulated, model: simulated-1, price: {input: "3.00", output: "15.00"}}
        """;

    /// <summary>What is imported, in order.</summary>
    public static IEnumerable<ConfigurationSet> Of(AgentBenchmarkOptions options)
    {
        yield return options.Agent is { } own ? Models(own) : ConfigurationSet.Parse(SimulatedModel, "simulated model");
        yield return options.Suite.Documents.Select(document => document.Value switch
        {
            AgentSuite => null,
            AgentPolicy when !options.IsGoverned => null,
            ToolDefinition tool when !options.IsGoverned => document with { Value = tool with { Constraints = ConstraintSet.Empty } },
            AgentDefinition agent when options.Agent is { } measured && IsOf(options, agent) => document with { Value = Merge(agent, measured) },
            _ => document,
        });
        if (!options.IsGoverned)
        {
            var tools = string.Join(", ", options.Suite.Documents.Tools.Select(tool => $"'{tool.Resource}'"));
            yield return ConfigurationSet.Parse(
                Everything.Replace("AGENT", options.Suite.Suite.Agent, StringComparison.Ordinal).Replace("TOOLS", tools, StringComparison.Ordinal), "control");
        }
    }

    private static bool IsOf(AgentBenchmarkOptions options, AgentDefinition agent) =>
        string.Equals(agent.Name, options.Suite.Suite.Agent, StringComparison.OrdinalIgnoreCase);

    /// <summary>The suite's agent with the measured one's instructions before its own, its limits and its route.</summary>
    private static AgentDefinition Merge(AgentDefinition suite, MeasuredAgent measured) => suite with
    {
        Instructions = measured.Agent.Instructions.Length == 0 ? suite.Instructions : $"{measured.Agent.Instructions}\n\n{suite.Instructions}",
        Limits = measured.Agent.Limits,
        Route = measured.Route.Name,
    };

    private static ConfigurationSet Models(MeasuredAgent measured) => ConfigurationSet.Of(
        [
            .. measured.Providers.Select(provider => new YamlDocument("Provider", provider.Name, provider, default)),
            new YamlDocument("Route", measured.Route.Name, measured.Route, default),
        ]);
}
