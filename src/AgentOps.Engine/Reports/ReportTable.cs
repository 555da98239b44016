namespace AgentOps.Engine.Reports;

/// <summary>A table of texts. Columns of numbers are aligned to the right.</summary>
/// <param name="Columns">The headings.</param>
/// <param name="Rows">One text a column; the first names the row.</param>
public sealed record ReportTable(IReadOnlyList<string> Columns, IReadOnlyList<IReadOnlyList<string>> Rows);
