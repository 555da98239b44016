using AgentOps.Engine.Providers;

namespace AgentOps.Cli.Serving;

/// <summary>A call as read.</summary>
/// <param name="Request">The request.</param>
/// <param name="IncludeUsage">OpenAI's clients get usage only when they ask for it.</param>
internal sealed record ServedCall(ModelRequest Request, bool IncludeUsage);
