namespace AgentOps.Engine.Routing.Quality;

/// <summary>One prompt goes to a better and dearer model.</summary>
/// <param name="Row">The prompt.</param>
/// <param name="From">The model that it went to until now.</param>
/// <param name="To">The model that it goes to.</param>
internal readonly record struct RoutingMove(int Row, int From, int To);
