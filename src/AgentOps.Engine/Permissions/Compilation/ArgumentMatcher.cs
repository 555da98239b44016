using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace AgentOps.Engine.Permissions;

/// <summary>A compiled constraint on one argument.</summary>
internal abstract class ArgumentMatcher
{
    /// <summary>What a refused model is told: the kind of bound, never the bound.</summary>
    public abstract string Refusal { get; }

    /// <summary>Whether a value is of the kind that is tested at all; any other is an error of the rule.</summary>
    public abstract bool Accepts(ArgumentValueKind kind);

    /// <summary>Tests a value of an accepted kind.</summary>
    public abstract Truth Test(in ArgumentValue value);

    public static ArgumentMatcher Create(ArgumentConstraint constraint, bool isPermit, PolicyContext context, PatternCache patterns) => constraint switch
    {
        StringConstraint text => new StringMatcher(text, isPermit, patterns),
        IntegerConstraint integer => new IntegerMatcher(integer),
        DecimalConstraint number => new NumberMatcher(number.Min, number.Max, ArgumentValueKind.Decimal, "is outside the permitted range"),
        BooleanConstraint boolean => new BooleanMatcher(boolean.Is),
        DateConstraint date => new NumberMatcher(date.Min?.UtcTicks, date.Max?.UtcTicks, ArgumentValueKind.Date, "is outside the permitted time"),
        PathConstraint path => new PathMatcher(path, context.Paths),
        ArrayConstraint array => new ArrayMatcher(Create(array.Items, isPermit, context, patterns), array.MaxItems, isPermit),
        _ => throw new ArgumentOutOfRangeException(nameof(constraint)),
    };

    internal sealed class StringMatcher : ArgumentMatcher
    {
        private readonly HashSet<string>? _in;
        private readonly Regex? _pattern;
        private readonly int _maxLength;
        private readonly bool _isPermit;

        public StringMatcher(StringConstraint constraint, bool isPermit, PatternCache patterns)
        {
            _in = constraint.In is null ? null : new HashSet<string>(constraint.In, StringComparer.Ordinal);
            _maxLength = constraint.MaxLength ?? int.MaxValue;
            _isPermit = isPermit;
            _pattern = constraint.Pattern is { } pattern ? patterns.Compile(pattern) : null;
            Prefix = constraint.Pattern is { } form ? PatternPrefix.Of(form) : null;
        }

        public override string Refusal => _in is not null ? "is not one of the permitted values" : _pattern is not null ? "does not have the permitted form" : "is too long";

        /// <summary>The only texts that can match, for the index; null when any may.</summary>
        public IReadOnlyCollection<string>? Candidates => _in;

        /// <summary>What every text begins with that can match, for the index; null when it tests no pattern.</summary>
        public string? Prefix { get; }

        public override bool Accepts(ArgumentValueKind kind) => kind == ArgumentValueKind.String;

        public override Truth Test(in ArgumentValue value)
        {
            var text = value.AsString()!;
            var holds = text.Length <= _maxLength && (_in is null || _in.Contains(text)) && (_pattern is null || _pattern.IsMatch(text));
            if (holds || _isPermit)
            {
                return holds ? Truth.True : Truth.False;
            }

            // A forbid that a second spelling of the same text could pass must not be passed by it.
            return (_in is null && _pattern is null) || LiteralCheck.IsPlain(text) ? Truth.False : Truth.Error;
        }
    }

    internal sealed class IntegerMatcher(IntegerConstraint constraint) : ArgumentMatcher
    {
        private readonly HashSet<long>? _in = constraint.In is null ? null : [.. constraint.In];

        public override string Refusal => _in is not null ? "is not one of the permitted values" : "is outside the permitted range";

        public decimal? Min => constraint.Min;

        public decimal? Max => constraint.Max;

        public override bool Accepts(ArgumentValueKind kind) => kind == ArgumentValueKind.Integer;

        public override Truth Test(in ArgumentValue value)
        {
            var number = (long)value.Number;
            return !(number < constraint.Min) && !(number > constraint.Max) && (_in is null || _in.Contains(number)) ? Truth.True : Truth.False;
        }
    }

    internal sealed class NumberMatcher(decimal? min, decimal? max, ArgumentValueKind kind, string refusal) : ArgumentMatcher
    {
        public override string Refusal => refusal;

        public ArgumentValueKind Kind => kind;

        public decimal? Min => min;

        public decimal? Max => max;

        public override bool Accepts(ArgumentValueKind candidate) => candidate == kind || (kind == ArgumentValueKind.Decimal && candidate == ArgumentValueKind.Integer);

        public override Truth Test(in ArgumentValue value)
        {
            var number = value.Number;
            return !(number < min) && !(number > max) ? Truth.True : Truth.False;
        }
    }

    internal sealed class BooleanMatcher(bool? expected) : ArgumentMatcher
    {
        public override string Refusal => "does not have the permitted value";

        public override bool Accepts(ArgumentValueKind kind) => kind == ArgumentValueKind.Boolean;

        public override Truth Test(in ArgumentValue value) => expected is null || expected == (value.Number != 0) ? Truth.True : Truth.False;
    }

    internal sealed class PathMatcher : ArgumentMatcher
    {
        private readonly IPathResolver _resolver;
        private readonly string[] _roots;

        public PathMatcher(PathConstraint constraint, IPathResolver resolver)
        {
            _resolver = resolver;
            _roots = [.. constraint.Roots.Select(root => resolver.TryResolve(root, out var resolved)
                ? resolved
                : throw new ArgumentException($"the root '{root}' must be an absolute path that can be resolved", nameof(constraint)))];
        }

        public override string Refusal => "is not a path below a permitted root";

        public override bool Accepts(ArgumentValueKind kind) => kind == ArgumentValueKind.String;

        public override Truth Test(in ArgumentValue value)
        {
            if (!TryResolve(value.AsString()!, out var path))
            {
                return Truth.Error;
            }

            foreach (var root in _roots)
            {
                if (FileSystemPathResolver.IsAtOrBelow(path, root))
                {
                    return Truth.True;
                }
            }

            return Truth.False;
        }

        private bool TryResolve(string text, [NotNullWhen(true)] out string? path)
        {
            try
            {
                return _resolver.TryResolve(text, out path);
            }
            catch (Exception exception) when (exception is not OutOfMemoryException)
            {
                path = null;
                return false;
            }
        }
    }

    internal sealed class ArrayMatcher(ArgumentMatcher items, int? maxItems, bool isPermit) : ArgumentMatcher
    {
        public override string Refusal => $"holds too many items or one that {items.Refusal}";

        public override bool Accepts(ArgumentValueKind kind) => kind == ArgumentValueKind.Array;

        public override Truth Test(in ArgumentValue value)
        {
            var list = value.AsArray();
            if (isPermit && list.Length > maxItems)
            {
                return Truth.False;
            }

            var failed = false;
            foreach (var item in list)
            {
                var truth = items.Accepts(item.Kind) ? items.Test(item) : Truth.Error;
                if (isPermit ? truth == Truth.False : truth == Truth.True)
                {
                    return truth;
                }

                failed |= truth == Truth.Error;
            }

            return failed ? Truth.Error : isPermit ? Truth.True : Truth.False;
        }
    }
}
