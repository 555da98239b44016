using System.Globalization;

namespace AgentOps.Engine.Reports;

/// <summary>One axis: from values to pixels, with round ticks (steps of 1, 2 or 5 times a power of ten).</summary>
internal sealed class PlotScale
{
    private const int Ticks = 6;

    private readonly double _low;
    private readonly double _high;
    private readonly double _step;
    private readonly double _from;
    private readonly double _to;

    /// <summary>Makes a scale that holds all values.</summary>
    /// <param name="values">Finite; none is as good as zero to one.</param>
    /// <param name="fromZero">The axis begins at zero, where all values are positive.</param>
    /// <param name="from">The pixel of the lowest tick.</param>
    /// <param name="to">The pixel of the highest tick.</param>
    public PlotScale(IEnumerable<double> values, bool fromZero, double from, double to)
    {
        double low = double.MaxValue, high = double.MinValue;
        foreach (var value in values)
        {
            (low, high) = (Math.Min(low, value), Math.Max(high, value));
        }

        (low, high) = low > high ? (0, 1) : (fromZero ? Math.Min(0, low) : low, high);
        if (high <= low)
        {
            (low, high) = low == 0 ? (0, 1) : (low - (Math.Abs(low) / 2), high + (Math.Abs(high) / 2));
        }

        var raw = (high - low) / Ticks;
        var power = Math.Pow(10, Math.Floor(Math.Log10(raw)));
        _step = power * ((raw / power) switch { <= 1 => 1, <= 2 => 2, <= 5 => 5, _ => 10 });
        _low = Math.Floor((low / _step) + 1e-9) * _step;
        _high = Math.Ceiling((high / _step) - 1e-9) * _step;
        (_from, _to) = (from, to);
    }

    /// <summary>The pixel of a value.</summary>
    public double At(double value) => _from + ((value - _low) / (_high - _low) * (_to - _from));

    /// <summary>The ticks with their texts.</summary>
    public IEnumerable<(double Pixel, string Text)> Marks()
    {
        var digits = Math.Max(0, (int)-Math.Floor(Math.Log10(_step) + 1e-9));
        for (var index = 0; _low + (index * _step) <= _high + (_step / 2); index++)
        {
            var value = _low + (index * _step);
            value = Math.Abs(value) < _step / 1000 ? 0 : value;
            yield return (At(value), digits > 6 ? value.ToString("0.#e0", CultureInfo.InvariantCulture) : value.ToString("#,0." + new string('0', digits), CultureInfo.InvariantCulture));
        }
    }
}
