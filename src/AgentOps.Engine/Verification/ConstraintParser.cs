using AgentOps.Engine.Configuration;
using AgentOps.Engine.Permissions;

namespace AgentOps.Engine.Verification;

/// <summary>
/// Reads the constraints of a tool. A constraint that nobody knows, or that could never be checked, refuses the configuration:
/// what is declared is kept, or is not there.
/// </summary>
internal sealed class ConstraintParser(IReadOnlyList<ToolParameter> parameters)
{
    private static readonly ParameterKind[] Money = [ParameterKind.Decimal, ParameterKind.Integer];

    private readonly EvidenceParser _evidence = new(parameters);

    /// <summary>Reads the list; what could not be read was told to the document.</summary>
    public IReadOnlyList<TransactionConstraint> Parse(YamlMap document)
    {
        var constraints = new List<TransactionConstraint>();
        foreach (var item in document.GetMaps("constraints"))
        {
            var bodies = ConstraintWords.Kinds.Where(item.Has).ToArray();
            if (bodies.Length != 1)
            {
                // A misspelt one is told, with the nearest, as an unknown key.
                if (bodies.Length > 1 || !item.Keys.Any())
                {
                    item.Error($"a constraint is one of {string.Join(", ", ConstraintWords.Kinds)}");
                }

                continue;
            }

            if (item.GetMap(bodies[0]) is { } body && Parse(bodies[0], body) is { } constraint)
            {
                constraints.Add(constraint);
            }
        }

        CheckCurrency(document, constraints);
        return constraints;
    }

    private static void CheckCurrency(YamlMap document, List<TransactionConstraint> constraints)
    {
        var currencies = constraints.Count(constraint => constraint is CurrencyConstraint);
        if (currencies > 1)
        {
            document.Get("constraints")!.Error("a tool has one currency: 'currency' is declared twice");
        }
        else if (currencies == 0 && constraints.FirstOrDefault(constraint => constraint.IsMoney) is { } money)
        {
            document.Get("constraints")!.Error($"'{money.Kind}' speaks of money, so the tool needs its currency: add currency: {{is: USD, argument: …}}");
        }
    }

    private TransactionConstraint? Parse(string kind, YamlMap body) => kind switch
    {
        "amount" => Amount(body),
        "budget" => Budget(body),
        "currency" => Currency(body),
        "delivery" => Delivery(body),
        "duplicate" => Duplicate(body),
        "payee" => Payee(body),
        "quantity" => Quantity(body),
        "quoted" => Quoted(body),
        "rating" => Rating(body),
        "recurrence" => Recurrence(body),
        "returns" => Returns(body),
        _ => Total(body),
    };

    private AmountConstraint? Amount(YamlMap body)
    {
        var argument = Argument(body, Money);
        var min = body.GetDecimal("min");
        var max = body.GetDecimal("max");
        var atLeast = body.GetMap("atLeast") is { } lower ? _evidence.Parse(lower, isMoney: true) : null;
        var atMost = body.GetMap("atMost") is { } upper ? _evidence.Parse(upper, isMoney: true) : null;
        if (min is null && max is null && !body.Has("atLeast") && !body.Has("atMost"))
        {
            body.Error("'amount' needs a bound: min, max, atLeast or atMost");
        }

        if (max < (min ?? 0))
        {
            body.Error("min is above max: nothing could ever hold");
        }

        return argument is null ? null : new AmountConstraint { Argument = argument, Min = min, Max = max, AtLeast = atLeast, AtMost = atMost };
    }

    private BudgetConstraint? Budget(YamlMap body)
    {
        var argument = Argument(body, Money);
        var max = body.Require("max")?.AsDecimal();
        var (within, per) = (body.GetDuration("within"), body.GetOneOf("per", ConstraintWords.Scopes, ConstraintScope.Agent));
        if (max < 0)
        {
            body.Get("max")!.Error("a budget below zero could never be kept");
        }

        return argument is null || max is null ? null : new BudgetConstraint(argument, max.Value, within, per);
    }

    private CurrencyConstraint Currency(YamlMap body) =>
        new(body.RequireString("is"), body.Has("argument") ? Argument(body, [ParameterKind.String]) : null);

    private DeliveryConstraint? Delivery(YamlMap body)
    {
        var date = Operand(body, [ParameterKind.Date], isMoney: false);
        var within = body.Require("within")?.AsDuration();
        return date is null || within is null ? null : new DeliveryConstraint(date, within.Value);
    }

    private DuplicateConstraint? Duplicate(YamlMap body)
    {
        var same = body.GetList("same")
            .Select(item => item.AsString() is { } name ? _evidence.Parameter(item, name, []) : null)
            .OfType<string>()
            .ToArray();
        if (body.Require("same") is { IsList: true } list && list.AsList() is { Count: 0 })
        {
            list.Error("'same' names the arguments that make two calls the same");
        }

        var (within, per) = (body.GetDuration("within"), body.GetOneOf("per", ConstraintWords.Scopes, ConstraintScope.Tool));
        return same.Length == 0 ? null : new DuplicateConstraint(same, within, per);
    }

    private PayeeConstraint? Payee(YamlMap body)
    {
        var argument = Argument(body, [ParameterKind.String]);
        var list = body.Has("in") ? body.GetStrings("in") : null;
        var source = Source(body, isMoney: false);
        if (list is null && !body.Has("from"))
        {
            body.Error("'payee' needs a list 'in', or the tool that names the payee in 'from'");
        }

        return argument is null ? null : new PayeeConstraint(argument, list, source);
    }

    private QuantityConstraint? Quantity(YamlMap body)
    {
        var argument = Argument(body, [ParameterKind.Integer]);
        var min = body.GetInteger("min", 1) ?? 1;
        var max = body.Require("max")?.AsInteger(1);
        if (max < min)
        {
            body.Error("min is above max: nothing could ever hold");
        }

        return argument is null || max is null ? null : new QuantityConstraint(argument, min, max.Value);
    }

    private QuotedConstraint? Quoted(YamlMap body)
    {
        var argument = Argument(body, Money);
        var source = RequireSource(body, isMoney: true);
        if (source is { Within: null, Expires: null })
        {
            body.Get("from")!.Error("a quote grows old: say 'within', or the path of its end in 'expires'");
        }

        return argument is null || source is null ? null : new QuotedConstraint(argument, source);
    }

    private RatingConstraint? Rating(YamlMap body)
    {
        var min = body.Require("min")?.AsDecimal();
        var source = RequireSource(body, isMoney: false);
        return min is null || source is null ? null : new RatingConstraint(min.Value, source);
    }

    private RecurrenceConstraint? Recurrence(YamlMap body)
    {
        var argument = Argument(body, [ParameterKind.String, ParameterKind.Boolean]);
        _ = body.Require("in");
        var words = body.GetStrings("in");
        return argument is null || words.Count == 0 ? null : new RecurrenceConstraint(argument, words);
    }

    private ReturnsConstraint? Returns(YamlMap body)
    {
        var source = RequireSource(body, isMoney: false);
        var days = body.GetInteger("minDays", 0);
        var names = body.Has("in") ? body.GetStrings("in") : null;
        if (body.Has("minDays") == body.Has("in"))
        {
            body.Error("'returns' needs either 'minDays' or the names of policies in 'in'");
        }

        return source is null ? null : new ReturnsConstraint(source, days, names);
    }

    private TotalConstraint? Total(YamlMap body)
    {
        var argument = Argument(body, Money);
        var price = body.Require("price")?.AsMap() is { } map ? Operand(map, Money, isMoney: true) : null;
        var total = new TotalConstraint
        {
            Argument = argument!,
            Price = price!,
            Quantity = body.Get("quantity") is { } quantity && quantity.AsString() is { } name ? _evidence.Parameter(quantity, name, [ParameterKind.Integer]) : null,
            Tax = body.GetMap("tax") is { } tax ? Operand(tax, Money, isMoney: true) : null,
            Shipping = body.GetMap("shipping") is { } shipping ? Operand(shipping, Money, isMoney: true) : null,
            MaxTaxPercent = body.GetDecimal("maxTaxPercent"),
            MaxShipping = body.GetDecimal("maxShipping"),
        };
        return argument is null || price is null ? null : total;
    }

    private Operand? Operand(YamlMap body, IReadOnlyList<ParameterKind> kinds, bool isMoney)
    {
        if (body.Has("argument") == body.Has("from"))
        {
            body.Error($"'{body.Name}' needs either 'argument' or 'from'");
            return null;
        }

        var argument = body.Has("argument") ? Argument(body, kinds) : null;
        var source = Source(body, isMoney);
        return argument is null && source is null ? null : new Operand(argument, source);
    }

    private string? Argument(YamlMap body, IReadOnlyList<ParameterKind> kinds) =>
        body.Require("argument") is { } value && value.AsString() is { } name ? _evidence.Parameter(value, name, kinds) : null;

    private EvidenceSource? Source(YamlMap body, bool isMoney) => body.GetMap("from") is { } map ? _evidence.Parse(map, isMoney) : null;

    private EvidenceSource? RequireSource(YamlMap body, bool isMoney) =>
        body.Require("from")?.AsMap() is { } map ? _evidence.Parse(map, isMoney) : null;
}
