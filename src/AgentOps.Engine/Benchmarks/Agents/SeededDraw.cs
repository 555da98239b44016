namespace AgentOps.Engine.Benchmarks.Agents;

/// <summary>Numbers that follow from what they are for and nothing else, so that no order of events changes them.</summary>
internal static class SeededDraw
{
    /// <summary>Mixes two numbers evenly (SplitMix64, Steele et al. 2014).</summary>
    public static ulong Mix(ulong seed, ulong value)
    {
        value += (seed * 0xD1342543DE82EF95) + 0x9E3779B97F4A7C15;
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }

    /// <summary>A number of a text (FNV-1a).</summary>
    public static ulong Of(string text)
    {
        var hash = 0xCBF29CE484222325;
        foreach (var letter in text)
        {
            hash = (hash ^ letter) * 0x100000001B3;
        }

        return hash;
    }

    /// <summary>A number from 0 (included) to 1 (excluded).</summary>
    public static double Share(ulong mixed) => (mixed >> 11) * (1.0 / (1UL << 53));
}
