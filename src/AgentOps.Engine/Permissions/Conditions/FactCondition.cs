namespace AgentOps.Engine.Permissions;

/// <summary>A test of a fact that the host states. Facts, arguments and history are separate name spaces: no argument can stand in for a fact.</summary>
/// <param name="Fact">The fact's name, for example <c>session.taint</c>.</param>
/// <param name="Operator">The test.</param>
/// <param name="Values">The values: one, or for AnyOf, NoneOf and AllOf one or more.</param>
public sealed record FactCondition(string Fact, FactOperator Operator, IReadOnlyList<ArgumentValue> Values) : Condition;
