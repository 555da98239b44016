namespace AgentOps.Engine.Reports;

/// <summary>A report for people: sections with plots, and the data of each plot as a table.</summary>
/// <param name="Title">What it is about.</param>
/// <param name="Created">When it was made, UTC.</param>
/// <param name="Sections">In order.</param>
public sealed record Report(string Title, DateTimeOffset Created, IReadOnlyList<ReportSection> Sections);
