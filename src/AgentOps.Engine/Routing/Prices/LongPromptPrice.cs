namespace AgentOps.Engine.Routing;

/// <summary>What a model costs where the vendor asks more for long prompts: of every token of such a call, the answer's included.</summary>
/// <param name="Above">Prompts of more input tokens than this are long.</param>
/// <param name="Price">The price of such a call.</param>
public sealed record LongPromptPrice(long Above, ModelPrice Price);
