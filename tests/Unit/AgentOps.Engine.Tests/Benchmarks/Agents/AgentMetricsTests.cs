using System.Text.Json.Nodes;
using AgentOps.Engine.Benchmarks.Agents;

namespace AgentOps.Engine.Tests.Benchmarks.Agents;

public sealed class AgentMetricsTests
{
    /// <summary>C(c, k) / C(n, k) is the share of the k-subsets of the trials that hold successes alone: counted here one by one.</summary>
    [Fact]
    public void Pass_to_the_k_is_what_counting_subsets_gives()
    {
        for (var n = 1; n <= 8; n++)
        {
            for (var c = 0; c <= n; c++)
            {
                for (var k = 1; k <= n; k++)
                {
                    var subsets = Enumerable.Range(0, 1 << n).Where(bits => int.PopCount(bits) == k).ToArray();
                    var good = subsets.Count(bits => bits < 1 << c);
                    Assert.Equal((double)good / subsets.Length, PassAtK.Estimate([(c, n)], k), 12);
                }
            }
        }

        Assert.Equal(0.5, PassAtK.Estimate([(4, 4), (0, 4)], 2), 12);
        Assert.True(double.IsNaN(PassAtK.Estimate([(1, 1)], 2)));
    }

    /// <summary>Against the interval's own definition: the shares that a test with z = 1.96 does not refuse.</summary>
    [Theory]
    [InlineData(0, 10)]
    [InlineData(1, 10)]
    [InlineData(5, 10)]
    [InlineData(10, 10)]
    [InlineData(0, 10_000)]
    [InlineData(37, 9_200)]
    public void The_interval_solves_wilsons_equation(long count, long of)
    {
        var interval = new WilsonInterval(count, of);
        var share = (double)count / of;
        foreach (var bound in new[] { interval.Low, interval.High }.Where(bound => bound is > 0 and < 1))
        {
            Assert.Equal(1.959963984540054, Math.Abs(share - bound) / Math.Sqrt(bound * (1 - bound) / of), 6);
        }

        Assert.InRange(share, interval.Low, interval.High);
    }

    [Theory]
    [InlineData("a.b", "is=1", true)]
    [InlineData("a.b", "is=2", false)]
    [InlineData("a.c", "exists=false", true)]
    [InlineData("list", "count=2", true)]
    [InlineData("nothing", "count=0", true)]
    [InlineData("list.1.x", "is=y", true)]
    [InlineData("list.2.x", "is=y", false)]
    [InlineData("money", "rose=2.50", true)]
    [InlineData("money", "rose=2.51", false)]
    [InlineData("money", "fell=0", true)]
    [InlineData("new", "rose=3", true)]
    [InlineData("a", "unchanged", true)]
    [InlineData("money", "unchanged", false)]
    public void Checks_read_the_state(string path, string what, bool expected)
    {
        var before = (JsonObject)JsonNode.Parse("""{"a":{"b":1},"list":[],"money":"10.00"}""")!;
        var after = (JsonObject)JsonNode.Parse("""{"a":{"b":1},"list":[{"x":"z"},{"x":"y"}],"money":"12.50","new":"3"}""")!;
        var check = what.Split('=') switch
        {
            ["is", var value] => new StateCheck { Path = path, Is = value },
            ["exists", _] => new StateCheck { Path = path, Exists = false },
            ["count", var value] => new StateCheck { Path = path, Count = int.Parse(value, System.Globalization.CultureInfo.InvariantCulture) },
            ["rose", var value] => new StateCheck { Path = path, RoseBy = decimal.Parse(value, System.Globalization.CultureInfo.InvariantCulture) },
            ["fell", var value] => new StateCheck { Path = path, FellAtMost = decimal.Parse(value, System.Globalization.CultureInfo.InvariantCulture) },
            _ => new StateCheck { Path = path, IsUnchanged = true },
        };
        Assert.Equal(expected, check.Holds(before, after));
    }
}
