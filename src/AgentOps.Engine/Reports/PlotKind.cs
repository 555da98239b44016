namespace AgentOps.Engine.Reports;

/// <summary>How a plot draws its points.</summary>
public enum PlotKind
{
    /// <summary>Points joined by straight lines.</summary>
    Line,

    /// <summary>Steps, each value holding until the next point: distributions.</summary>
    Step,

    /// <summary>Marks with names; a series that is a front is joined too.</summary>
    Scatter,

    /// <summary>A bar a point, named by its label, as long as its Y.</summary>
    Bar,
}
