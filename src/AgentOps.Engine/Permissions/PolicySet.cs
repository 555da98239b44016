using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using AgentOps.Engine.Errors;

namespace AgentOps.Engine.Permissions;

/// <summary>
/// Rules in force, compiled once and immutable. Allowed iff at least one permit matches, no forbid matches and every
/// matching require is met. The order of the rules and how often one is given make no difference.
/// </summary>
public sealed class PolicySet
{
    private readonly PolicyIndex _index;

    private PolicySet(IReadOnlyList<CompiledRule> rules, string digest)
    {
        _index = new PolicyIndex(rules);
        Digest = digest;
        Rules = [.. rules.Select(rule => rule.Rule)];
    }

    /// <summary>No rules: everything is denied.</summary>
    public static PolicySet Empty { get; } = Compile([], PolicyContext.Default);

    /// <summary><c>sha256:</c> and 64 hexadecimal digits over the meaning of the set: rules and groups, not files and lines.</summary>
    public string Digest { get; }

    /// <summary>The rules, each once, forbids first.</summary>
    public IReadOnlyList<PolicyRule> Rules { get; }

    /// <summary>Compiles a set, whole or not at all.</summary>
    /// <param name="rules">The rules in any order.</param>
    /// <param name="context">What they may name.</param>
    /// <exception cref="AgentOpsException"><see cref="ErrorCodes.InvalidPolicy"/>, naming every rule that is wrong.</exception>
    public static PolicySet Compile(IReadOnlyList<PolicyRule> rules, PolicyContext context)
    {
        var compiled = new PolicyCompiler(context).Compile(rules);
        return new PolicySet(compiled, ComputeDigest(compiled, context));
    }

    /// <summary>Decides. Pure: asks, moves no counter, records nothing. Allocates nothing when it allows.</summary>
    /// <param name="request">The question.</param>
    public Decision Decide(in AuthorizationRequest request) => new(this, request, DecisionMaker.Decide(_index, request, Digest));

    internal Explanation Explain(AuthorizationRequest request, Decision decision) =>
        new(decision.Outcome, decision.Reason, RuleExplainer.Explain(_index, request));

    private static string ComputeDigest(IReadOnlyList<CompiledRule> rules, PolicyContext context)
    {
        var groups = context.Groups
            .Select(group => new JsonObject
            {
                ["group"] = group.Name,
                ["members"] = new JsonArray([.. group.Members.Order(StringComparer.Ordinal).Select(member => JsonValue.Create(member))]),
            }.ToJsonString());
        var lines = rules.Select(rule => rule.Canonical).Concat(groups).Order(StringComparer.Ordinal).Prepend("agentops-policy-v1");
        return "sha256:" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', lines))));
    }
}
