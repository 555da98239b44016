namespace AgentOps.Engine.Routing;

/// <summary>How well the targets of a route will answer one prompt.</summary>
public abstract class TargetQualities
{
    /// <summary>By the target's place in the route, 0 to 1; not a number where nothing is known.</summary>
    public abstract double this[int target] { get; }

    /// <summary>Where the figure of a target comes from, in words; null where there is none.</summary>
    public abstract string? Explain(int target);

    /// <summary>What the prompt is about; null where the prediction does not tell.</summary>
    public virtual DomainEstimate? Domains => null;

    /// <summary>Whether nothing is left to ask of these targets: each states its quality, or it is predicted.</summary>
    internal bool Knows(IReadOnlyList<RouteTarget> targets)
    {
        for (var target = 0; target < targets.Count; target++)
        {
            if (targets[target].Quality is null && double.IsNaN(this[target]))
            {
                return false;
            }
        }

        return true;
    }
}
