namespace AgentOps.Engine.Reports;

/// <summary>One section of a report.</summary>
/// <param name="Title">What it shows.</param>
/// <param name="Note">How to read it, in a sentence or two.</param>
/// <param name="Plot">The picture; null where the table says it all.</param>
/// <param name="Table">The data, for those who can't see the picture or want the numbers.</param>
public sealed record ReportSection(string Title, string Note, Plot? Plot, ReportTable Table);
