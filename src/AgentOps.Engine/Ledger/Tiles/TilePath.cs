using System.Globalization;

namespace AgentOps.Engine.Ledger;

/// <summary>The paths of tiles, as C2SP tlog-tiles lays them out: 1234067 is <c>x001/x234/067</c>.</summary>
internal static class TilePath
{
    /// <summary>How many hashes, or entries, a full tile holds.</summary>
    public const int Width = 256;

    /// <summary>The path of a tile of hashes below the folder <c>tile</c>.</summary>
    public static string GetHashes(int level, long index, int width) =>
        Path.Combine(level.ToString(CultureInfo.InvariantCulture), GetIndex(index, width));

    /// <summary>The path of an entry bundle below the folder <c>tile</c>.</summary>
    public static string GetEntries(long index, int width) => Path.Combine("entries", GetIndex(index, width));

    private static string GetIndex(long index, int width)
    {
        var path = (index % 1000).ToString("D3", CultureInfo.InvariantCulture);
        for (var rest = index / 1000; rest > 0; rest /= 1000)
        {
            path = Path.Combine("x" + (rest % 1000).ToString("D3", CultureInfo.InvariantCulture), path);
        }

        return width == Width ? path : Path.Combine(path + ".p", width.ToString(CultureInfo.InvariantCulture));
    }
}
