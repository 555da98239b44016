namespace AgentOps.Cli.Tests;

/// <summary>A clock that is ahead.</summary>
internal sealed class LaterTime(TimeSpan by) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + by;
}
