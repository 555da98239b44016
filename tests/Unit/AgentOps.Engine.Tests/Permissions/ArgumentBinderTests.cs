using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using AgentOps.Engine.Errors;
using AgentOps.Engine.Permissions;
using FsCheck;
using FsCheck.Fluent;

namespace AgentOps.Engine.Tests.Permissions;

public sealed class ArgumentBinderTests
{
    private static readonly int Cases = Environment.GetEnvironmentVariable("AGENTOPS_SOAK") == "1" ? 1_000_000 : 10_000;

    private static readonly ToolParameter[] Parameters =
    [
        new("Name", ParameterType.String, IsMandatory: true), new("Size", ParameterType.Integer, Min: -5, Max: 1_000_000_000_000_000_000), new("Amount", ParameterType.Decimal),
        new("Force", ParameterType.Boolean), new("At", ParameterType.Date), new("Path", ParameterType.Path), new("Tags", ParameterType.ArrayOf(ParameterType.String)),
        new("Level", ParameterType.String, AllowedValues: ["Low", "High"]), new("Code", ParameterType.String, Pattern: "[a-z]{2}"), new("Any", ParameterType.Object),
    ];

    private static readonly string[] Words = ["x", "", "Low", "LOW", "ab", "AB", "1", "-0", "1.50", "0x64", "1e3", "NaN", "٣", "2026-01-01T00:00:00Z", "2026-01-01T02:00:00+02:00", "/tmp/x", "../x", "a\nb", "\0", "İ", "e\u0301", "{x}", "*"];

    private static BindingResult Bind(string json)
    {
        using var document = JsonDocument.Parse(json);
        return ArgumentBinder.Bind(Parameters, document.RootElement);
    }

    private static JsonObject RandomArguments(Random random)
    {
        var result = new JsonObject();
        for (var i = random.Next(0, 6); i > 0; i--)
        {
            var name = random.Next(12) == 0 ? Words[random.Next(Words.Length)] : Parameters[random.Next(Parameters.Length)].Name;
            result[random.Next(3) == 0 ? name.ToUpperInvariant() : name] = RandomValue(random, 2);
        }

        if (random.Next(4) > 0)
        {
            result["Name"] = "n";
        }

        return result;
    }

    private static JsonNode? RandomValue(Random random, int depth) => random.Next(depth > 0 ? 9 : 6) switch
    {
        0 or 1 or 2 => JsonValue.Create(Words[random.Next(Words.Length)]),
        3 => JsonValue.Create(random.NextInt64(-10, long.MaxValue) >> random.Next(60)),
        4 => JsonValue.Create(random.Next(2) == 0),
        5 => JsonValue.Create(random.Next(-1000, 1000) / 100m),
        6 => null,
        7 => new JsonArray([.. Enumerable.Range(0, random.Next(3)).Select(_ => RandomValue(random, depth - 1))]),
        _ => new JsonObject([KeyValuePair.Create("k" + random.Next(2), RandomValue(random, depth - 1))]),
    };

    [Fact]
    public void Binding_never_throws_is_canonical_and_binds_again_to_the_same() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(Cases),
        Prop.ForAll(Arb.From(Gen.Choose(0, int.MaxValue - 1)), seed =>
        {
            var arguments = RandomArguments(new Random(seed));
            var bound = Bind(arguments.ToJsonString());
            if (!bound.IsBound)
            {
                return bound.Refusals.Count > 0 && bound.Refusals.All(refusal => refusal.Reason.Length > 0);
            }

            var again = Bind(bound.Arguments.ToJson().ToJsonString());
            var upper = Bind(new JsonObject(arguments.Select(pair => KeyValuePair.Create(pair.Key.ToUpperInvariant(), pair.Value?.DeepClone()))).ToJsonString());

            // In free JSON a decimal comes back as text: the ledger holds no floats.
            var same = again.IsBound && (bound.Arguments.TryGet("Any", out _) || (again.Arguments.Equals(bound.Arguments) && again.Arguments.Digest == bound.Arguments.Digest));
            return same && upper.IsBound && upper.Arguments.Equals(bound.Arguments) && upper.Arguments.Digest == bound.Arguments.Digest
                && bound.Arguments.Names.ToArray().All(name => Parameters.Any(parameter => parameter.Name == name));
        }));

    [Theory]
    [InlineData("de-DE")]
    [InlineData("tr-TR")]
    public void Binding_knows_no_culture(string culture) => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(Cases),
        Prop.ForAll(Arb.From(Gen.Choose(0, int.MaxValue - 1)), seed =>
        {
            var json = RandomArguments(new Random(seed)).ToJsonString();
            var expected = Bind(json);
            var before = CultureInfo.CurrentCulture;
            try
            {
                CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo(culture);
                var actual = Bind(json);
                return actual.Reason == expected.Reason && actual.Arguments?.Digest == expected.Arguments?.Digest;
            }
            finally
            {
                CultureInfo.CurrentCulture = before;
            }
        }));

    [Fact]
    public void Values_of_different_types_have_different_digests()
    {
        string[] digests = [.. new[]
        {
            ArgumentValue.From("1"), ArgumentValue.From(1L), ArgumentValue.From(1m), ArgumentValue.From(true), ArgumentValue.Null,
            ArgumentValue.FromArray([ArgumentValue.From("1")]), ArgumentValue.FromArray([]), ArgumentValue.FromObject([]), ArgumentValue.From(DateTimeOffset.UnixEpoch),
        }.Select(value => new BoundArguments([new("X", value)]).Digest)];
        Assert.Equal(digests.Length, digests.Distinct().Count());
        Assert.Equal(new BoundArguments([new("X", ArgumentValue.From(1.0m))]).Digest, new BoundArguments([new("X", ArgumentValue.From(1.00m))]).Digest);
    }

    [Theory]
    [InlineData("""{"Name":"n","Size":"9007199254740993"}""", "9007199254740993")]
    [InlineData("""{"Name":"n","Level":"HIGH"}""", "\"High\"")]
    [InlineData("""{"Name":"n","At":"2026-01-01T02:00:00+02:00"}""", "\"2026-01-01T00:00:00Z\"")]
    [InlineData("""{"Name":"n","Amount":12.50}""", "\"12.5\"")]
    public void Coerces_once(string json, string expected)
    {
        var bound = Bind(json);
        Assert.True(bound.IsBound, bound.Reason);
        var name = bound.Arguments.Names.ToArray().Single(one => one != "Name");
        Assert.Contains(expected.Trim('"'), bound.Arguments[name].ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{}", "Name: is missing; a text is due")]
    [InlineData("""{"Name":"n","Siez":1}""", "Siez: is not a parameter of this tool; names are written in full, without dashes or values; did you mean 'Size'?")]
    [InlineData("""{"Name":"n","Size":-6}""", "Size: is below -5")]
    [InlineData("""{"Name":"n","Level":"Mid"}""", "Level: is none of: Low, High")]
    [InlineData("""{"Name":"n","Code":"ab\n"}""", "Code: does not have the form that the tool demands")]
    [InlineData("""{"Name":null}""", "Name: a text is due, no list and no object")]
    public void Says_which_and_why(string json, string expected) => Assert.Equal(expected, Bind(json).Reason);

    [Theory]
    [InlineData("Confirm")]
    [InlineData("")]
    public void A_parameter_that_no_model_may_set_can_t_be_declared(string name) =>
        Assert.Equal("InvalidToolParameter", Assert.Throws<AgentOpsException>(() => new ArgumentBinder([new(name, ParameterType.String)])).Code.Id);

    [Fact]
    public void Patterns_that_backtrack_and_parameters_declared_twice_are_refused()
    {
        Assert.Throws<AgentOpsException>(() => new ArgumentBinder([new("A", ParameterType.String, Pattern: "(?=x)")]));
        Assert.Throws<AgentOpsException>(() => new ArgumentBinder([new("A", ParameterType.String), new("a", ParameterType.String)]));
        Assert.Throws<AgentOpsException>(() => new ArgumentBinder([new("A", ParameterType.ArrayOf(ParameterType.ArrayOf(ParameterType.String)))]));
    }
}
