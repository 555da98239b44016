using System.Text.RegularExpressions;

namespace AgentOps.Engine.Tests.Providers;

/// <summary>The table of traps in docs/design/routing.md names tests that are there and run.</summary>
public partial class TrapTests
{
    private const int Traps = 27;

    [Fact]
    public void Every_trap_names_a_test_that_runs()
    {
        var table = File.ReadAllText(Path.Combine(Repository(), "docs", "design", "routing.md")).Split("## Traps and their tests")[1].Split("\n## ")[0];
        var rows = table.Split('\n').Where(line => line.StartsWith("| ", StringComparison.Ordinal)).Skip(1).ToArray();
        Assert.Equal(Traps, rows.Length);
        var classes = typeof(TrapTests).Assembly.GetTypes().ToLookup(type => type.Name);
        foreach (var row in rows)
        {
            var named = TestName().Matches(row.Split('|')[3]);
            Assert.True(named.Count > 0, $"No test is named: {row}");
            foreach (Match test in named)
            {
                var method = classes[test.Groups[1].Value].Select(type => type.GetMethod(test.Groups[2].Value)).SingleOrDefault(found => found is not null);
                Assert.True(method?.GetCustomAttributes(typeof(FactAttribute), inherit: true) is [FactAttribute { Skip: null }, ..], $"There is no test '{test.Value}'.");
            }
        }
    }

    [GeneratedRegex(@"`(\w+)\.(\w+)`")]
    private static partial Regex TestName();

    private static string Repository()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "AgentOps.slnx")))
        {
            folder = folder.Parent ?? throw new DirectoryNotFoundException("There is no AgentOps.slnx above the tests.");
        }

        return folder.FullName;
    }
}
