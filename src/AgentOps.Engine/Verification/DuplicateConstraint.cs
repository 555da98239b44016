using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace AgentOps.Engine.Verification;

/// <summary>
/// The same is not done twice within a window, whoever asks. What is in flight and what nobody knows the outcome of counts; only
/// a call that certainly failed may be made again.
/// </summary>
/// <param name="Same">The arguments that make two calls the same.</param>
/// <param name="Within">The sliding window; null for ever.</param>
/// <param name="Per">Whose calls are compared.</param>
public sealed record DuplicateConstraint(IReadOnlyList<string> Same, TimeSpan? Within, ConstraintScope Per) : TransactionConstraint
{
    /// <inheritdoc/>
    public override string Kind => "duplicate";

    internal override IEnumerable<ArgumentUse> Arguments => Same.Select(name => new ArgumentUse(name));

    internal override void Check(TransactionCheck check)
    {
        var values = new JsonArray();
        foreach (var name in Same.Order(StringComparer.OrdinalIgnoreCase))
        {
            if (check.Argument(this, name) is not { } value)
            {
                return;
            }

            values.Add((JsonNode)new JsonArray(name.ToLowerInvariant(), value.Kind.ToString(), value.ToJson()));
        }

        // At most one of what these values stand for: counted like any other limit, so that two at one moment are one too many.
        var key = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(values.ToJsonString())));
        check.Demand(this, Per, key, 1, 1, Within, $"the same was done before ({string.Join(", ", Same)})");
    }
}
