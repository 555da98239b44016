namespace AgentOps.Engine.Providers;

/// <summary>Counts what was given so far, for an estimate where the provider does not tell.</summary>
internal sealed class OutputMeter
{
    private long _tokens;

    public void Add(string text) => _tokens += TokenEstimate.OfText(text);

    public void Add(ToolCallPart call) => _tokens += TokenEstimate.OfPart(call);

    /// <summary>The request's usage so far, marked as an estimate.</summary>
    public Usage Estimate(ModelRequest request) => new(TokenEstimate.OfPrompt(request), _tokens, IsEstimated: true);
}
