using AgentOps.Engine.Permissions;

namespace AgentOps.Engine.Verification;

/// <summary>The charged total is exactly price × quantity + tax + shipping, and tax and shipping keep their own bounds.</summary>
public sealed record TotalConstraint : TransactionConstraint
{
    /// <inheritdoc/>
    public override string Kind => "total";

    /// <summary>The argument that holds the total.</summary>
    public required string Argument { get; init; }

    /// <summary>The price of one piece.</summary>
    public required Operand Price { get; init; }

    /// <summary>The argument that holds the number of pieces; null for one.</summary>
    public string? Quantity { get; init; }

    /// <summary>The tax; null for none.</summary>
    public Operand? Tax { get; init; }

    /// <summary>The shipping; null for none.</summary>
    public Operand? Shipping { get; init; }

    /// <summary>The most tax, in percent of price × quantity; null for no bound.</summary>
    public decimal? MaxTaxPercent { get; init; }

    /// <summary>The most shipping, in the tool's currency; null for no bound.</summary>
    public decimal? MaxShipping { get; init; }

    internal override bool IsMoney => true;

    internal override IEnumerable<ArgumentUse> Arguments =>
        new[] { Argument, Price.Argument, Tax?.Argument, Shipping?.Argument }
            .OfType<string>()
            .Select(name => new ArgumentUse(name, ParameterKind.Decimal, ParameterKind.Integer))
            .Concat(Quantity is null ? [] : [new ArgumentUse(Quantity, ParameterKind.Integer)]);

    internal override IEnumerable<EvidenceSource> Sources => new[] { Price.From, Tax?.From, Shipping?.From }.OfType<EvidenceSource>();

    internal override void Check(TransactionCheck check)
    {
        if (check.Number(this, Argument) is not { } total
            || Read(check, Price) is not { } price
            || (Quantity is null ? 1 : check.Number(this, Quantity)) is not { } quantity
            || (Tax is null ? 0 : Read(check, Tax)) is not { } tax
            || (Shipping is null ? 0 : Read(check, Shipping)) is not { } shipping)
        {
            return;
        }

        if (price < 0 || quantity < 0 || tax < 0 || shipping < 0)
        {
            check.Refuse(this, "price, quantity, tax and shipping must not be below zero");
        }
        else if (total != (price * quantity) + tax + shipping)
        {
            check.Refuse(this, $"{Argument} is not price × quantity + tax + shipping");
        }
        else if (tax * 100 > MaxTaxPercent * price * quantity)
        {
            check.Refuse(this, "the tax is too high");
        }
        else if (shipping > MaxShipping)
        {
            check.Refuse(this, "the shipping is too dear");
        }
    }

    private decimal? Read(TransactionCheck check, Operand operand) =>
        operand.Argument is { } name ? check.Number(this, name) : check.Money(this, operand.From!);
}
