namespace AgentOps.Simulation.Numerics;

/// <summary>
/// Time inside the simulation: whole picoseconds in a signed 64-bit integer (106 days), so that sums are exact and
/// a jump over many steps ends where the steps would.
/// </summary>
public static class SimulationTime
{
    /// <summary>Picoseconds in a second.</summary>
    public const long Second = 1_000_000_000_000;

    /// <summary>Picoseconds in a millisecond.</summary>
    public const long Millisecond = 1_000_000_000;

    /// <summary>The largest time an arrival may have: 90 days, which leaves room for what follows it.</summary>
    public const long Latest = 90L * 86_400 * Second;

    /// <summary>Rounds seconds down to whole picoseconds.</summary>
    /// <param name="seconds">Seconds, 0 or more.</param>
    public static long FromSeconds(double seconds) => (long)(seconds * Second);

    /// <summary>Seconds as a number.</summary>
    /// <param name="time">Picoseconds.</param>
    public static double ToSeconds(long time) => time / (double)Second;

    /// <summary>Milliseconds as a number.</summary>
    /// <param name="time">Picoseconds.</param>
    public static double ToMilliseconds(long time) => time / (double)Millisecond;

    /// <summary>As a <see cref="TimeSpan"/>, rounded to its 100 ns.</summary>
    /// <param name="time">Picoseconds.</param>
    public static TimeSpan ToTimeSpan(long time) => TimeSpan.FromTicks((time + 50_000) / 100_000);
}
