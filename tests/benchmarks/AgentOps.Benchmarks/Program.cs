using System.Globalization;
using AgentOps.Benchmarks;
using AgentOps.Benchmarks.Areas;

if (args is ["fit-latency"])
{
    return LatencyFit.Run(Environment.GetEnvironmentVariable("AGENTOPS_DATA")!);
}

if (args is [StopRuns.Role, var store])
{
    return await StopRuns.StopAsync(store);
}

IBenchmarkArea[] areas =
[
    new FoundationArea(),
    new LedgerArea(),
    new PermissionsArea(),
    new InvocationArea(),
    new RoutingArea(),
    new SimulationArea(),
    new BenchmarksArea(),
];

var names = args.Length == 0 ? areas.Select(area => area.Name).ToArray() : args;
var unknown = names.Except(areas.Select(area => area.Name), StringComparer.OrdinalIgnoreCase).ToArray();
if (unknown.Length > 0)
{
    Console.Error.WriteLine($"Unknown area '{unknown[0]}'. Known: {string.Join(", ", areas.Select(area => area.Name))}.");
    return 2;
}

foreach (var name in names)
{
    var area = areas.Single(candidate => string.Equals(candidate.Name, name, StringComparison.OrdinalIgnoreCase));
    var work = Directory.CreateTempSubdirectory("agentops-bench-").FullName;
    try
    {
        var context = new BenchmarkContext(
            Environment.GetEnvironmentVariable("AGENTOPS_HELPER"),
            Environment.GetEnvironmentVariable("AGENTOPS_DATA"),
            work);
        foreach (var figure in area.Run(context))
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $$"""{"name":"{{figure.Name}}","value":{{figure.Value:0.####}},"unit":"{{figure.Unit}}"}"""));
        }
    }
    finally
    {
        Directory.Delete(work, recursive: true);
    }
}

return 0;
