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
    private readonly JointDecision _joint;

    private PolicySet(IReadOnlyList<CompiledRule> rules, string digest)
    {
        _index = new PolicyIndex(rules);
        _joint = new JointDecision(_index, digest);
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
    public Decision Decide(in AuthorizationRequest request) => new(this, request,
        request.Delegators.Count == 0 && request.Touches.Count == 0 ? DecisionMaker.Decide(_index, request, request.Resource, Digest) : _joint.Decide(request));

    /// <summary>
    /// What an agent can reach, without looking at arguments, facts and history: for a tool, or for all of them. Never
    /// says None of what could be allowed, nor Full of what could be refused.
    /// </summary>
    /// <param name="agent">The agent.</param>
    /// <param name="onBehalfOf">The person for whom it would act; null for no one.</param>
    /// <param name="resources">The resources, for example <c>tool:NAME</c> of each tool.</param>
    /// <param name="now">The moment.</param>
    /// <param name="configuredRoute">The route that the agent was given.</param>
    public IReadOnlyList<Reach> WhatCanReach(string agent, string? onBehalfOf, IEnumerable<string> resources, DateTimeOffset now, string? configuredRoute = null) =>
        [.. resources.Select(resource => ReachAnalysis.Of(
            _index, new AuthorizationRequest { Agent = agent, OnBehalfOf = onBehalfOf, Resource = resource, ConfiguredRoute = configuredRoute, Now = now }))];

    /// <summary>Which agents may use a resource, under the same reading as <see cref="WhatCanReach"/>; those with None are left out.</summary>
    /// <param name="resource">The resource.</param>
    /// <param name="agents">The agents that there are.</param>
    /// <param name="onBehalfOf">The person for whom they would act; null for no one.</param>
    /// <param name="now">The moment.</param>
    /// <param name="routeOf">The route that each agent was given; null: none.</param>
    public IReadOnlyList<Reach> WhoMayCall(string resource, IEnumerable<string> agents, string? onBehalfOf, DateTimeOffset now, Func<string, string?>? routeOf = null) =>
        [.. agents.SelectMany(agent => WhatCanReach(agent, onBehalfOf, [resource], now, routeOf?.Invoke(agent))).Where(reach => reach.Level != ReachLevel.None)];

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
