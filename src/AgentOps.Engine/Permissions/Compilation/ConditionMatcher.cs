using AgentOps.Engine.Configuration;

namespace AgentOps.Engine.Permissions;

/// <summary>A compiled condition.</summary>
internal abstract class ConditionMatcher
{
    public abstract string Name { get; }

    public abstract string Refusal { get; }

    /// <summary>Tests; a source that fails is an error of this clause alone.</summary>
    public Truth Test(AuthorizationRequest request)
    {
        try
        {
            return Ask(request);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            return Truth.Error;
        }
    }

    private protected abstract Truth Ask(AuthorizationRequest request);

    internal sealed class FactMatcher : ConditionMatcher
    {
        private readonly FactCondition _condition;
        private readonly FactDefinition _definition;
        private readonly ArgumentValue[] _values;

        public FactMatcher(FactCondition condition, FactCatalog catalog)
        {
            _condition = condition;
            _definition = catalog.Find(condition.Fact)
                ?? throw new ArgumentException($"unknown fact '{condition.Fact}'{YamlSuggestion.Hint(condition.Fact, catalog.Names)}", nameof(condition));
            if (condition.Values.Count == 0)
            {
                throw new ArgumentException($"the condition on '{condition.Fact}' needs a value", nameof(condition));
            }

            _values = [.. condition.Values.Select(Coerce)];
            var suits = _definition.Type switch
            {
                FactType.TextSet => condition.Operator is FactOperator.AnyOf or FactOperator.NoneOf or FactOperator.AllOf,
                FactType.Text or FactType.Boolean => condition.Operator is FactOperator.Is or FactOperator.IsNot or FactOperator.AnyOf or FactOperator.NoneOf,
                _ => condition.Operator is not FactOperator.AllOf,
            };
            if (!suits)
            {
                throw new ArgumentException($"'{PolicyWords.WordOf(PolicyWords.FactOperators, condition.Operator)}' can't test the fact '{condition.Fact}'", nameof(condition));
            }
        }

        public override string Name => $"fact {_condition.Fact}";

        public override string Refusal => "the state of the session or host does not allow it";

        private protected override Truth Ask(AuthorizationRequest request)
        {
            if (!TryFact(request, out var fact))
            {
                return Truth.Error;
            }

            if (_definition.Type == FactType.TextSet)
            {
                return TestSet(fact);
            }

            if (!TryScale(fact, out fact))
            {
                return Truth.Error;
            }

            var holds = _condition.Operator switch
            {
                FactOperator.Is or FactOperator.AnyOf => IsAny(fact),
                FactOperator.IsNot or FactOperator.NoneOf => !IsAny(fact),
                FactOperator.AtLeast => fact.Number >= _values[0].Number,
                _ => fact.Number <= _values[0].Number,
            };
            return holds ? Truth.True : Truth.False;
        }

        private bool TryFact(AuthorizationRequest request, out ArgumentValue fact)
        {
            switch (_definition.Name)
            {
                case "agent.name":
                    fact = ArgumentValue.From(request.Agent);
                    return true;
                case "time.now":
                    fact = ArgumentValue.From(request.Now);
                    return true;
                case "time.hour":
                    fact = ArgumentValue.From((long)request.Now.UtcDateTime.Hour);
                    return true;
                case "time.weekday":
                    fact = ArgumentValue.From(Weekday(request.Now.UtcDateTime.DayOfWeek));
                    return true;
                default:
                    return request.Facts.TryGet(_definition.Name, out fact);
            }
        }

        private static string Weekday(DayOfWeek day) => day switch
        {
            DayOfWeek.Monday => "monday",
            DayOfWeek.Tuesday => "tuesday",
            DayOfWeek.Wednesday => "wednesday",
            DayOfWeek.Thursday => "thursday",
            DayOfWeek.Friday => "friday",
            DayOfWeek.Saturday => "saturday",
            _ => "sunday",
        };

        /// <summary>Brings a stated fact to the form in which the values are kept; false when it is not of its declared type.</summary>
        private bool TryScale(ArgumentValue fact, out ArgumentValue scaled)
        {
            scaled = fact;
            switch (_definition.Type)
            {
                case FactType.Text:
                    return fact.Kind == ArgumentValueKind.String;
                case FactType.Boolean:
                    return fact.Kind == ArgumentValueKind.Boolean;
                case FactType.Time:
                    return fact.Kind == ArgumentValueKind.Date;
                case FactType.Number:
                    scaled = ArgumentValue.From(fact.Number);
                    return fact.IsNumber;
                default:
                    var level = Level(fact.AsString());
                    scaled = ArgumentValue.From((decimal)level);
                    return level >= 0;
            }
        }

        private int Level(string? word)
        {
            for (var i = 0; i < _definition.Levels!.Count; i++)
            {
                if (string.Equals(_definition.Levels[i], word, StringComparison.Ordinal))
                {
                    return i;
                }
            }

            return -1;
        }

        private bool IsAny(in ArgumentValue fact)
        {
            foreach (var value in _values)
            {
                if (value.Equals(fact))
                {
                    return true;
                }
            }

            return false;
        }

        private Truth TestSet(in ArgumentValue fact)
        {
            if (fact.Kind != ArgumentValueKind.Array)
            {
                return Truth.Error;
            }

            var found = 0;
            foreach (var value in _values)
            {
                foreach (var item in fact.AsArray())
                {
                    if (item.Kind != ArgumentValueKind.String)
                    {
                        return Truth.Error;
                    }

                    if (item.Equals(value))
                    {
                        found++;
                        break;
                    }
                }
            }

            var holds = _condition.Operator switch
            {
                FactOperator.AnyOf => found > 0,
                FactOperator.NoneOf => found == 0,
                _ => found == _values.Length,
            };
            return holds ? Truth.True : Truth.False;
        }

        /// <summary>Brings a value of the rule to the fact's type.</summary>
        private ArgumentValue Coerce(ArgumentValue value)
        {
            var text = value.AsString();
            switch (_definition.Type)
            {
                case FactType.Text or FactType.TextSet when text is not null:
                    return value;
                case FactType.Boolean when value.Kind == ArgumentValueKind.Boolean:
                    return value;
                case FactType.Number when value.IsNumber:
                    return ArgumentValue.From(value.Number);
                case FactType.Number when text is not null && YamlNumbers.TryDecimal(text, out var number):
                    return ArgumentValue.From(number);
                case FactType.Time when value.Kind == ArgumentValueKind.Date:
                    return value;
                case FactType.Time when text is not null && YamlNumbers.TryTime(text, out var time):
                    return ArgumentValue.From(time);
                case FactType.Level when Level(text) is >= 0 and var level:
                    return ArgumentValue.From((decimal)level);
                default:
                    var hint = _definition.Levels is { } levels ? YamlSuggestion.Hint(text ?? "", [.. levels]) : "";
                    throw new ArgumentException($"{value} is no value of the fact '{_definition.Name}'{hint}");
            }
        }
    }

    internal sealed class HistoryMatcher(HistoryCondition condition) : ConditionMatcher
    {
        public override string Name => $"history of {condition.Tool}";

        public override string Refusal => "what was done before does not allow it";

        private protected override Truth Ask(AuthorizationRequest request)
        {
            if (request.History is null)
            {
                return Truth.Error;
            }

            foreach (var (_, argument) in condition.Same)
            {
                if (!request.Arguments.TryGet(argument, out _))
                {
                    return Truth.Error;
                }
            }

            var count = request.History.Count(new HistoryQuery(request, condition));
            return count < 0 ? Truth.Error : count >= condition.AtLeast && !(count > condition.AtMost) ? Truth.True : Truth.False;
        }
    }
}
