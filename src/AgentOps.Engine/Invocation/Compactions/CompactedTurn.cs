using AgentOps.Engine.Providers;

namespace AgentOps.Engine.Invocation;

/// <summary>An attempt to make room in a conversation.</summary>
/// <param name="Summary">The model call that it took.</param>
/// <param name="Messages">The shorter conversation, instructions included; null where no summary came of it.</param>
internal sealed record CompactedTurn(ModelTurnResult Summary, IReadOnlyList<Message>? Messages);
