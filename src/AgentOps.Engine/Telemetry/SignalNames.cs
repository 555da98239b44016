namespace AgentOps.Engine.Telemetry;

/// <summary>Names of attributes.</summary>
internal static class SignalNames
{
    public const string Operation = "gen_ai.operation.name";
    public const string Provider = "gen_ai.provider.name";
    public const string Conversation = "gen_ai.conversation.id";
    public const string Agent = "gen_ai.agent.name";
    public const string RequestModel = "gen_ai.request.model";
    public const string ResponseModel = "gen_ai.response.model";
    public const string InputTokens = "gen_ai.usage.input_tokens";
    public const string OutputTokens = "gen_ai.usage.output_tokens";
    public const string FinishReasons = "gen_ai.response.finish_reasons";
    public const string TokenType = "gen_ai.token.type";
    public const string Tool = "gen_ai.tool.name";
    public const string Call = "gen_ai.tool.call.id";
    public const string ErrorType = "error.type";

    public const string Route = "agentops.route";
    public const string Cost = "agentops.cost";
    public const string Outcome = "agentops.outcome";
    public const string Rules = "agentops.rules";
    public const string Status = "agentops.session.status";
    public const string Task = "agentops.task";
}
