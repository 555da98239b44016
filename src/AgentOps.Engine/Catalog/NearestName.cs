namespace AgentOps.Engine.Catalog;

/// <summary>Finds the name that a user most likely meant.</summary>
internal static class NearestName
{
    /// <summary>The nearest of some names by edit distance, or null where none is near.</summary>
    public static string? Of(string given, IEnumerable<string> names)
    {
        string? nearest = null;
        var least = Math.Max(2, given.Length / 3) + 1;
        foreach (var name in names)
        {
            var distance = Distance(given.ToUpperInvariant(), name.ToUpperInvariant());
            if (distance < least)
            {
                least = distance;
                nearest = name;
            }
        }

        return nearest;
    }

    private static int Distance(string a, string b)
    {
        var row = new int[b.Length + 1];
        for (var j = 0; j < row.Length; j++)
        {
            row[j] = j;
        }

        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var above = row[j];
                row[j] = Math.Min(Math.Min(row[j], row[j - 1]) + 1, diagonal + (a[i - 1] == b[j - 1] ? 0 : 1));
                diagonal = above;
            }
        }

        return row[b.Length];
    }
}
