using System.Globalization;
using AgentOps.Engine.Providers;

namespace AgentOps.Engine.Routing;

/// <summary>What an account's terms make of a model's price.</summary>
internal static class CreditTerms
{
    /// <summary>
    /// The price that counts for the choice: what expires or is committed is spent already, so that using it costs nothing more;
    /// credit that doesn't expire is money. With the reason, in words.
    /// </summary>
    public static (bool IsFree, string? Note) Judge(CommercialTerms? terms, string model, decimal spent, DateTimeOffset now)
    {
        if (terms is null)
        {
            return (false, null);
        }

        if (terms.CreditExpires is { } expires && Covers(terms, model) && Left(terms, spent, now) is > 0 and var left)
        {
            return (true, string.Create(CultureInfo.InvariantCulture,
                $"paid from ${left:0.##} of credit that expires on {expires:yyyy-MM-dd}"));
        }

        if (terms.Commitment is { } commitment && commitment > spent && (terms.CommitmentEnds is not { } ends || now < ends))
        {
            return (true, string.Create(CultureInfo.InvariantCulture, $"within a commitment of which ${commitment - spent:0.##} is unused"));
        }

        return (false, terms.Discount > 0
            ? string.Create(CultureInfo.InvariantCulture, $"{terms.Discount * 100:0.##} % off the list")
            : null);
    }

    /// <summary>Why an account that only has prepaid credit can't pay for a call; null when it can.</summary>
    public static string? Refuse(CommercialTerms? terms, string model, decimal spent, DateTimeOffset now)
    {
        if (terms is not { PrepaidOnly: true, Credit: not null })
        {
            return null;
        }

        if (terms.CreditExpires is { } expires && now >= expires)
        {
            return string.Create(CultureInfo.InvariantCulture, $"The credit expired on {expires:yyyy-MM-dd}.");
        }

        if (!Covers(terms, model))
        {
            return "The credit does not pay for this model.";
        }

        return Left(terms, spent, now) <= 0 ? "The credit is used up." : null;
    }

    private static decimal Left(CommercialTerms terms, decimal spent, DateTimeOffset now) =>
        terms.Credit is { } credit && (terms.CreditExpires is not { } expires || now < expires) ? credit - spent : 0;

    private static bool Covers(CommercialTerms terms, string model) =>
        (terms.CreditModels is null || terms.CreditModels.Any(pattern => Matches(pattern, model)))
        && !(terms.CreditExcludedModels?.Any(pattern => Matches(pattern, model)) ?? false);

    private static bool Matches(string pattern, string model) => pattern.EndsWith('*')
        ? model.StartsWith(pattern[..^1], StringComparison.OrdinalIgnoreCase)
        : string.Equals(pattern, model, StringComparison.OrdinalIgnoreCase);
}
