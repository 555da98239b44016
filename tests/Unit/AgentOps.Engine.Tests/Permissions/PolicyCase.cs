using AgentOps.Engine.Permissions;
using FsCheck;
using FsCheck.Fluent;

namespace AgentOps.Engine.Tests.Permissions;

/// <summary>
/// A random set of rules and a request over a small world, so that rules collide often. Made from a seed; shrunk by
/// leaving rules and arguments out.
/// </summary>
internal sealed record PolicyCase(IReadOnlyList<PolicyRule> Rules, AuthorizationRequest Request)
{
    private static readonly string[] Persons = ["pia", "Quin", "PIA"];
    private static readonly string[] Tools = ["T-One", "T-Two", "Send-One", "Send-Two"];
    private static readonly string[] Data = ["hr", "hr/pay", "HR/pay/2026", "web"];
    private static readonly string[] Names = ["X", "Y", "Zed"];
    private static readonly string[] Texts = ["u", "v", "U", "uv", "u\n", "e\u0301"];
    private static readonly string[] Patterns = ["u", "u.*", "[a-z]+", "v|u", "uv?", "uv*", "uv", "u{2}", @"u
", "e.", "(?i)U"];
    private static readonly string[] Classes = ["public", "internal", "secret"];
    private static readonly string[] Pins = ["sha256:0123456789abcdef", "sha256:fedcba9876543210"];
    private static readonly DateTimeOffset Epoch = new(2026, 11, 1, 0, 0, 0, TimeSpan.Zero);

    public static PolicyContext Context { get; } = new()
    {
        Groups = [new PolicyGroup("g1", ["anna", "pia"]), new PolicyGroup("g2", ["BERT", "Quin"])],
        ExternalGroups = new CaseGroups(),
    };

    public static Arbitrary<PolicyCase> Arbitrary(int mostRules) => Arb.From(
        Gen.Choose(0, int.MaxValue - 1).Select(seed => Create(new Random(seed), mostRules)),
        Shrink);

    public PolicySet Compile() => PolicySet.Compile(Rules, Context);

    public Decision Decide() => Compile().Decide(Request);

    public override string ToString() => string.Join('\n', Rules.Select(rule => rule.ToJson().ToJsonString()))
        + $"\n{Request.Agent} for {Request.OnBehalfOf} {Request.Resource} {string.Join(' ', Request.Touches)} ({Request.ConfiguredRoute}) {Request.SchemaDigest} {Request.Arguments} at {Request.Now:O}";

    public static PolicyRule Rule(Random random, string id, PolicyEffect? only = null)
    {
        var effect = only ?? Pick(random, PolicyEffect.Permit, PolicyEffect.Permit, PolicyEffect.Permit, PolicyEffect.Forbid, PolicyEffect.Require);
        var permit = effect == PolicyEffect.Permit;
        var kind = Pick(random, ResourceKind.Tool, ResourceKind.Tool, ResourceKind.Data, ResourceKind.Route);
        var mixed = effect != PolicyEffect.Require && random.Next(4) == 0;
        return new PolicyRule
        {
            Id = id,
            Effect = effect,
            Resources = [.. Some(random, 1, 2, () => Resource(random, permit, mixed ? ResourceKind.Tool : kind)), .. mixed ? [Resource(random, permit, ResourceKind.Data)] : Array.Empty<ResourcePattern>()],
            Subjects = new RuleSubjects(
                permit || random.Next(2) == 0 ? [.. Some(random, 1, 2, () => AgentSubject(random, permit))] : [],
                random.Next(4) > 0 ? [] : [.. Some(random, 1, 2, () => Pick(random, "pia", "quin", "Quin", "group:g1", "group:g2", "os:in", "os:unknown"))]),
            Arguments = random.Next(4) == 0 ? null : Some(random, 0, 3, () => Pick(random, Names)).Distinct().ToDictionary(name => name, _ => Constraint(random)),
            Conditions = random.Next(3) > 0 ? [] : [.. Some(random, 1, 2, () => Condition(random))],
            Obligations = effect != PolicyEffect.Require ? [] : [.. Some(random, 1, 2, () => Obligation(random, kind))],
            Validity = random.Next(5) > 0 ? RuleValidity.Always : new RuleValidity(Epoch.AddHours(random.Next(-1, 2)), Epoch.AddHours(random.Next(2, 4))),
        };
    }

    private static PolicyCase Create(Random random, int mostRules)
    {
        var count = random.Next(4) == 0 ? random.Next(0, 4) : random.Next(0, mostRules + 1);
        var only = random.Next(3) == 0 ? PolicyEffect.Permit : (PolicyEffect?)null;
        return new PolicyCase([.. Enumerable.Range(0, count).Select(i => Rule(random, "r" + i, only))], CreateRequest(random));
    }

    private static AuthorizationRequest CreateRequest(Random random) => random.Next(6) == 0 ? CreateCall(random) with
    {
        Resource = "route:" + Pick(random, "fast", "Frontier"),
        ConfiguredRoute = random.Next(2) == 0 ? null : Pick(random, "FAST", "frontier"),
        Arguments = BoundArguments.Empty,
        SchemaDigest = null,
    } : CreateCall(random) with
    {
        Touches = random.Next(2) == 0 ? [] : [.. Some(random, 1, 2, () => "data:" + Pick(random, Data)).Distinct()],
    };

    private static AuthorizationRequest CreateCall(Random random) => new()
    {
        Agent = Pick(random, "anna", "ANNA", "bert", "cleo", "dora"),
        OnBehalfOf = random.Next(3) == 0 ? null : Pick(random, Persons),
        Resource = "tool:" + Pick(random, Tools),
        SchemaDigest = random.Next(2) == 0 ? null : Pick(random, Pins) + new string('0', 48),
        Arguments = new BoundArguments(Some(random, 0, 3, () => Pick(random, "X", "y", "Zed", "Other")).Distinct(StringComparer.OrdinalIgnoreCase)
            .Select(name => KeyValuePair.Create(name, Value(random)))),
        Facts = new FactSnapshot(Facts(random)),
        History = random.Next(5) == 0 ? null : new CaseHistory(random.Next(0, 3)),
        CompensationTool = random.Next(2) == 0 ? null : "T-Two",
        Now = Epoch.AddHours(random.Next(0, 3)),
    };

    private static IEnumerable<KeyValuePair<string, ArgumentValue>> Facts(Random random)
    {
        if (random.Next(4) > 0)
        {
            yield return new("session.taint", ArgumentValue.FromArray(Some(random, 0, 2, () => ArgumentValue.From(Pick(random, "untrusted", "web")))));
        }

        if (random.Next(4) > 0)
        {
            yield return new("session.maxDataClass", ArgumentValue.From(Pick(random, Classes)));
        }
    }

    private static string AgentSubject(Random random, bool permit) =>
        permit ? Pick(random, "anna", "bert", "cleo", "group:g1", "group:g2") : Pick(random, "Anna", "group:g2", "be*", "*");

    private static ResourcePattern Resource(Random random, bool permit, ResourceKind kind)
    {
        if (kind == ResourceKind.Route)
        {
            return ResourcePattern.Parse("route:" + (permit || random.Next(2) == 0 ? Pick(random, "fast", "frontier", "FRONTIER") : Pick(random, "*", "fr*")));
        }

        if (kind == ResourceKind.Data)
        {
            return ResourcePattern.Parse("data:" + (permit || random.Next(2) == 0 ? Pick(random, Data) : Pick(random, "hr/*", "**", "hr/**", "*", "h?", "**/2026")));
        }

        var name = permit || random.Next(2) == 0 ? Pick(random, Tools) : Pick(random, "Send-*", "*", "T-?wo", "*-One");
        var pin = random.Next(8) == 0 && !name.AsSpan().ContainsAny('*', '?') ? "@" + Pick(random, Pins) : "";
        return ResourcePattern.Parse("tool:" + (random.Next(2) == 0 ? name : name.ToUpperInvariant()) + pin);
    }

    private static ArgumentConstraint Constraint(Random random, bool nested = false)
    {
        ArgumentConstraint constraint = random.Next(nested ? 5 : 7) switch
        {
            0 or 1 => new StringConstraint
            {
                In = random.Next(3) > 0 ? [.. Some(random, 1, 3, () => Pick(random, Texts))] : null,
                Pattern = random.Next(3) == 0 ? Pick(random, Patterns) : null,
                MaxLength = random.Next(4) == 0 ? 1 : null,
            },
            2 => new IntegerConstraint { Min = Maybe(random, 0), Max = Maybe(random, 2), In = random.Next(3) == 0 ? [1, 2] : null },
            3 => new DecimalConstraint { Min = Maybe(random, 0) + 0.5m, Max = Maybe(random, 2) },
            4 => new BooleanConstraint { Is = random.Next(3) == 0 ? null : random.Next(2) == 0 },
            5 => new DateConstraint { Min = random.Next(2) == 0 ? null : Epoch.AddDays(random.Next(2)), Max = random.Next(2) == 0 ? null : Epoch.AddDays(random.Next(1, 3)) },
            _ => new ArrayConstraint { Items = Constraint(random, nested: true), MaxItems = random.Next(2) == 0 ? null : 1 },
        };
        return constraint with { IsOptional = !nested && random.Next(3) == 0 };
    }

    private static long? Maybe(Random random, int least) => random.Next(3) == 0 ? null : random.Next(least, least + 2);

    private static ArgumentValue Value(Random random, bool nested = false) => random.Next(nested ? 6 : 8) switch
    {
        0 or 1 => ArgumentValue.From(Pick(random, Texts)),
        2 => ArgumentValue.From((long)random.Next(0, 4)),
        3 or 4 => ArgumentValue.From(random.Next(0, 8) / 2m),
        5 => ArgumentValue.From(random.Next(2) == 0),
        6 => ArgumentValue.From(Epoch.AddDays(random.Next(3))),
        _ => ArgumentValue.FromArray(Some(random, 0, 2, () => Value(random, nested: true))),
    };

    private static Condition Condition(Random random) => random.Next(3) switch
    {
        0 => new FactCondition("session.taint", Pick(random, FactOperator.AnyOf, FactOperator.NoneOf, FactOperator.AllOf),
            [.. Some(random, 1, 2, () => ArgumentValue.From(Pick(random, "untrusted", "web")))]),
        1 => new FactCondition("session.maxDataClass", Pick(random, FactOperator.AtLeast, FactOperator.AtMost, FactOperator.Is, FactOperator.IsNot),
            [ArgumentValue.From(Pick(random, Classes))]),
        _ => new HistoryCondition
        {
            Tool = Pick(random, "T-One", "Send-One", CaseHistory.Failing),
            Within = TimeSpan.FromHours(1),
            Same = random.Next(2) == 0 ? [] : [KeyValuePair.Create("X", Pick(random, Names))],
            AtLeast = random.Next(0, 2),
            AtMost = random.Next(2) == 0 ? null : 1,
        },
    };

    private static Obligation Obligation(Random random, ResourceKind kind) => kind == ResourceKind.Route
        ? new LimitObligation { Key = LimitKey.Agent, Measure = random.Next(2) == 0 ? LimitMeasure.Calls : LimitMeasure.Cost, Max = 10 }
        : Obligation(random);

    private static Obligation Obligation(Random random) => random.Next(3) switch
    {
        0 => new ApprovalObligation { Quorum = 1 + random.Next(2) },
        1 => new LimitObligation { Key = LimitKey.Agent, Measure = random.Next(2) == 0 ? LimitMeasure.Calls : LimitMeasure.Argument, Argument = "X", Max = 10 },
        _ => new CompensateObligation("T-Two", TimeSpan.FromHours(1)),
    };

    private static IEnumerable<PolicyCase> Shrink(PolicyCase one)
    {
        var count = one.Rules.Count;
        for (var size = count / 2; size >= 1; size /= 2)
        {
            for (var i = 0; i + size <= count; i += size)
            {
                yield return one with { Rules = [.. one.Rules.Take(i), .. one.Rules.Skip(i + size)] };
            }
        }

        for (var i = 0; i < one.Request.Arguments.Count; i++)
        {
            var left = Enumerable.Range(0, one.Request.Arguments.Count).Where(j => j != i)
                .Select(j => KeyValuePair.Create(one.Request.Arguments.Names[j], one.Request.Arguments.Values[j]));
            yield return one with { Request = one.Request with { Arguments = new BoundArguments(left) } };
        }
    }

    private static List<T> Some<T>(Random random, int least, int most, Func<T> make) =>
        [.. Enumerable.Range(0, random.Next(least, most + 1)).Select(_ => make())];

    private static T Pick<T>(Random random, params T[] from) => from[random.Next(from.Length)];

    private sealed class CaseGroups : IGroupSource
    {
        public bool? IsMember(string group, string person) => group == "os:in" ? person == "pia" : null;
    }
}
