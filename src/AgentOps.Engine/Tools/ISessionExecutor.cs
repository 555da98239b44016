namespace AgentOps.Engine.Tools;

/// <summary>An executor that keeps something for a session, for example a running server.</summary>
internal interface ISessionExecutor : IToolExecutor
{
    /// <summary>Lets go of all that is kept for a session, and ends its processes.</summary>
    ValueTask EndSessionAsync(string session);
}
