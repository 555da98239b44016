using System.Collections;
using System.Globalization;
using System.Management.Automation;
using AgentOps.Engine.Reports;

namespace AgentOps.Reports;

/// <summary>Sections of objects that no picture is known for: a table for each type.</summary>
internal static class PlainSections
{
    private const int Columns = 14;

    /// <summary>Reads properties, so on the pipeline thread alone.</summary>
    public static IEnumerable<ReportSection> Of(IReadOnlyList<PSObject> objects) => objects.GroupBy(item => item.TypeNames[0]).Select(type =>
    {
        var names = type.First().Properties.Where(property => property.IsGettable).Select(property => property.Name).Take(Columns).ToArray();
        var title = type.Key[(type.Key.LastIndexOf('.') + 1)..];
        return names.Length == 0
            ? new ReportSection(title, "", null, new ReportTable([title], [.. type.Select(item => (IReadOnlyList<string>)[Text(item.BaseObject)])]))
            : new ReportSection(title, "", null, new ReportTable(names, [.. type.Select(item => (IReadOnlyList<string>)[.. names.Select(name => Text(item.Properties[name]?.Value))])]));
    });

    private static string Text(object? value) => value switch
    {
        null => "",
        PSObject wrapped => Text(wrapped.BaseObject),
        string text => text,
        DateTimeOffset time => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        IEnumerable items => string.Join(", ", items.Cast<object?>().Select(Text)),
        _ => value.ToString() ?? "",
    };
}
