using AgentOps.Engine.Configuration;
using AgentOps.Engine.Permissions;
using AgentOps.Engine.Tools;

namespace AgentOps.Engine.Verification;

/// <summary>One check of a call under way: what constraints read, and what they found.</summary>
internal sealed class TransactionCheck(ToolDefinition tool, BoundArguments arguments, SessionEvidence seen, string agent, string? onBehalfOf, LimitState limits, DateTimeOffset now)
{
    private readonly List<string> _reasons = [];
    private readonly List<ConstraintFinding> _findings = [];
    private readonly List<EvidenceUse> _evidence = [];
    private readonly List<LimitDemand> _demands = [];

    /// <summary>The moment, by the ledger's clock.</summary>
    public DateTimeOffset Now => now;

    /// <summary>Checks one constraint, and notes what was found of it.</summary>
    public void Check(TransactionConstraint constraint)
    {
        var before = _reasons.Count;
        try
        {
            constraint.Check(this);
        }
        catch (OverflowException)
        {
            Refuse(constraint, "its numbers are too large to be checked");
        }

        var reasons = _reasons.Skip(before).Select(reason => reason[(constraint.Kind.Length + 2)..]).ToArray();
        _findings.Add(new ConstraintFinding(constraint.Kind, reasons.Length == 0 ? null : string.Join("; ", reasons)));
    }

    /// <summary>Refuses the call.</summary>
    public void Refuse(TransactionConstraint constraint, string reason) => _reasons.Add($"{constraint.Kind}: {reason}");

    /// <summary>An argument; one that is not bound refuses the call.</summary>
    public ArgumentValue? Argument(TransactionConstraint constraint, string name)
    {
        if (arguments.TryGet(name, out var value))
        {
            return value;
        }

        Refuse(constraint, $"{name} must be given");
        return null;
    }

    /// <summary>An argument as an exact number.</summary>
    public decimal? Number(TransactionConstraint constraint, string name) => Read(constraint, name, value => value.AsDecimal(), "number");

    /// <summary>An argument as a text.</summary>
    public string? Text(TransactionConstraint constraint, string name)
    {
        if (Argument(constraint, name) is not { } value)
        {
            return null;
        }

        if (value.AsString() is not { } text)
        {
            Refuse(constraint, $"{name} is no text");
            return null;
        }

        return text;
    }

    /// <summary>What a tool answered about the same thing; nothing, or nothing that counts, refuses the call.</summary>
    public EvidenceItem? Evidence(TransactionConstraint constraint, EvidenceSource source)
    {
        if (EvidenceSearch.Find(source, arguments, seen, now, out var problem) is not { } item)
        {
            Refuse(constraint, problem!);
            return null;
        }

        _evidence.Add(new EvidenceUse(constraint.Kind, item.Output.Tool, source.Path.Text, item.Output.Sequence));
        return item;
    }

    /// <summary>An amount that a tool answered, in the tool's own currency; any other refuses the call.</summary>
    public decimal? Money(TransactionConstraint constraint, EvidenceSource source)
    {
        if (Evidence(constraint, source) is not { } item)
        {
            return null;
        }

        var currency = tool.Constraints.Items.OfType<CurrencyConstraint>().FirstOrDefault()?.Is;
        if (currency is null || source.Currency is not { } path || !string.Equals(item.TextAt(path), currency, StringComparison.Ordinal))
        {
            Refuse(constraint, $"what {source.Tool} answered is not in {currency ?? "the tool's currency"}");
            return null;
        }

        if (item.Number() is not { } amount)
        {
            Refuse(constraint, $"{source.Tool} gave no number in plain digits as '{source.Path}'");
            return null;
        }

        return amount;
    }

    /// <summary>Takes something from a limit, with what is in flight.</summary>
    public void Demand(TransactionConstraint constraint, ConstraintScope per, string what, decimal amount, decimal max, TimeSpan? within, string reason)
    {
        var who = per switch
        {
            ConstraintScope.Agent => "agent:" + agent.ToLowerInvariant(),
            ConstraintScope.OnBehalfOf => "person:" + onBehalfOf?.ToLowerInvariant(),
            _ => "all",
        };
        var window = within is { } span ? YamlNumbers.Spell((decimal)span.Ticks) : "ever";
        var demand = new LimitDemand($"tool:{tool.Name.ToLowerInvariant()}|{constraint.Kind}|{what}|{window}|{who}", amount, max, within, $"{tool.Name}/{constraint.Kind}");
        if (limits.FirstExceeded([demand], now) is not null)
        {
            Refuse(constraint, reason);
            return;
        }

        _demands.Add(demand);
    }

    /// <summary>What was found.</summary>
    public VerificationResult ToResult() => new()
    {
        Findings = _findings,
        Reasons = _reasons,
        Evidence = _evidence,
        Demands = _reasons.Count == 0 ? _demands : [],
    };

    private decimal? Read(TransactionConstraint constraint, string name, Func<ArgumentValue, decimal?> read, string what)
    {
        if (Argument(constraint, name) is not { } value)
        {
            return null;
        }

        if (read(value) is not { } number)
        {
            Refuse(constraint, $"{name} is no {what}");
            return null;
        }

        return number;
    }
}
