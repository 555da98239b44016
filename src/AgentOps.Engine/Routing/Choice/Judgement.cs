namespace AgentOps.Engine.Routing;

/// <summary>What was found about one target for one prompt, in numbers.</summary>
internal struct Judgement
{
    public RejectionKind Rejection;
    public string? Reason;
    public double Cost;
    public double Quality;
    public bool IsFree;
}
